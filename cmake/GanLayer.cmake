# gan_layer(<name> SOURCES ... [TESTS ...] [LAYERS ...] [LIBRARIES ...] [PRECOMPILE ...])
#
# A folder of src/ as the object library gan_<name>, and its tests as gan_<name>_test. LAYERS are
# the layers it may include (tools/layers.txt is the judge); LIBRARIES come from outside. PRECOMPILE
# names headers to compile once, where those of GanPrecompiled.cmake are not enough.
function(gan_layer name)
  cmake_parse_arguments(arg "" "" "SOURCES;TESTS;LAYERS;LIBRARIES;PRECOMPILE" ${ARGN})
  add_library(gan_${name} OBJECT ${arg_SOURCES})
  target_link_libraries(gan_${name} PUBLIC gan_flags ${arg_LIBRARIES})
  foreach(layer IN LISTS arg_LAYERS)
    target_link_libraries(gan_${name} PUBLIC gan_${layer})
  endforeach()
  if(arg_PRECOMPILE)
    gan_precompile(gan_${name} ${arg_PRECOMPILE})
  else()
    gan_reuse_precompiled(gan_${name} gan_precompiled)
  endif()
  set_property(GLOBAL APPEND PROPERTY GAN_LAYERS gan_${name})
  if(GAN_DEVELOPER AND arg_TESTS)
    gan_layer_test(${name}_test SOURCES ${arg_TESTS} LAYERS ${name})
  endif()
endfunction()

# gan_layer_test(<name> SOURCES ... LAYERS ...): a GoogleTest program gan_<name> over whole layers
# and everything below them.
function(gan_layer_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;LAYERS;LIBRARIES;PRECOMPILE" ${ARGN})
  add_executable(gan_${name} ${arg_SOURCES})
  set(wanted)
  foreach(layer IN LISTS arg_LAYERS)
    gan_collect_layers(gan_${layer} wanted)
  endforeach()
  list(REMOVE_DUPLICATES wanted)
  # Object files are not passed on through other object libraries, so each layer is named.
  target_link_libraries(gan_${name} PRIVATE
    ${wanted} ${arg_LIBRARIES} GTest::gtest_main gan_test_flags)
  if(arg_PRECOMPILE)
    gan_precompile(gan_${name} ${arg_PRECOMPILE})
  else()
    gan_reuse_precompiled(gan_${name} gan_precompiled_test)
  endif()
  target_compile_definitions(gan_${name} PRIVATE
    GAN_SHARED_DIR="${GAN_SHARED_DIR}" GAN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND gan_${name} --gtest_brief=1)
endfunction()

function(gan_collect_layers target out)
  set(found ${${out}} ${target})
  get_target_property(links ${target} LINK_LIBRARIES)
  get_property(layers GLOBAL PROPERTY GAN_LAYERS)
  foreach(link IN LISTS links)
    if(link IN_LIST layers)
      gan_collect_layers(${link} found)
    endif()
  endforeach()
  set(${out} ${found} PARENT_SCOPE)
endfunction()

# gan_op_files(<out> <pattern>): `pattern` once for every op of src/graph/ops/ops.def, "@" replaced
# by the op's file name.
function(gan_op_files out pattern)
  set(list ${PROJECT_SOURCE_DIR}/src/graph/ops/ops.def)
  set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${list})
  file(STRINGS ${list} lines REGEX "^GAN_OP")
  set(files)
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^GAN_OP\\([A-Za-z0-9]+, ([a-z0-9_]+)\\)$" "\\1" name "${line}")
    string(REPLACE "@" "${name}" file "${pattern}")
    list(APPEND files ${file})
  endforeach()
  set(${out} ${files} PARENT_SCOPE)
endfunction()
