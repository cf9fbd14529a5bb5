# Headers that nearly every file reads, compiled once: reading them takes longer than compiling most
# files. tools/check-headers still proves each header alone.
set(standard_headers <algorithm> <array> <cmath> <cstdint> <filesystem> <functional> <memory>
  <optional> <span> <string> <string_view> <utility> <vector>)

# gan_precompiled_target(<name> <header>...): what a target of the same flags can reuse.
function(gan_precompiled_target name)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc)
  file(CONFIGURE OUTPUT ${source} CONTENT "")
  add_library(${name} OBJECT ${source})
  target_link_libraries(${name} PRIVATE gan_flags fmt::fmt spdlog::spdlog nlohmann_json::nlohmann_json)
  target_precompile_headers(${name} PRIVATE ${ARGN})
endfunction()

option(GAN_PRECOMPILE "Compile the most read headers once" ${GAN_DEVELOPER})
if(GAN_PRECOMPILE)
  gan_precompiled_target(gan_precompiled ${standard_headers} <fmt/format.h> <nlohmann/json.hpp>)
  if(GAN_DEVELOPER)
    gan_precompiled_target(gan_precompiled_test
      ${standard_headers} <fmt/format.h> <nlohmann/json.hpp> <gtest/gtest.h>)
    target_link_libraries(gan_precompiled_test PRIVATE GTest::gtest gan_test_flags)
    # As programs are compiled: a precompiled header is of use to the same code model alone.
    set_target_properties(gan_precompiled_test PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(gan_precompiled_test PRIVATE -fPIE)
  endif()
endif()

# gan_precompile(<target> <header>...): the target's own. gan_reuse_precompiled(<target> <of>):
# those of another.
function(gan_precompile target)
  if(GAN_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
endfunction()

function(gan_reuse_precompiled target of)
  if(GAN_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${of})
  endif()
endfunction()

# gan_join(<target> <skip>...): compiles the target's files several at a time, but those to skip,
# for what reads headers so long that even precompiled ones take longer than the file itself.
function(gan_join target)
  if(GAN_PRECOMPILE)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
    if(ARGN)
      set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
  endif()
endfunction()
