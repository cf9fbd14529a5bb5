# The library `gan` (gan::gan), put together from the layers, and its installed package.
# Static unless BUILD_SHARED_LIBS says otherwise.

set(layers)
gan_collect_layers(gan_api layers)
list(REMOVE_DUPLICATES layers)

add_library(gan)
add_library(gan::gan ALIAS gan)
set(outside)
foreach(layer IN LISTS layers)
  target_sources(gan PRIVATE $<TARGET_OBJECTS:${layer}>)
  get_target_property(links ${layer} LINK_LIBRARIES)
  list(APPEND outside ${links})
endforeach()
# What is left to link are the libraries from outside, but those that are headers alone.
list(REMOVE_DUPLICATES outside)
list(REMOVE_ITEM outside ${layers} gan_flags nlohmann_json::nlohmann_json Eigen3::Eigen)
target_link_libraries(gan PRIVATE ${outside})
target_compile_features(gan PUBLIC cxx_std_20)
target_include_directories(gan PUBLIC
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
set_target_properties(gan PROPERTIES
  LINKER_LANGUAGE CXX VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
if(GAN_SANITIZE)
  target_link_options(gan PUBLIC $<BUILD_INTERFACE:-fsanitize=${GAN_SANITIZE}>)
endif()

include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/gan)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/ganConfig.cmake.in
  ${PROJECT_BINARY_DIR}/ganConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/ganConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
configure_file(${PROJECT_SOURCE_DIR}/cmake/gan.pc.in ${PROJECT_BINARY_DIR}/gan.pc @ONLY)

install(TARGETS gan EXPORT ganTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT ganTargets NAMESPACE gan:: DESTINATION ${package_dir})
install(FILES ${PROJECT_BINARY_DIR}/ganConfig.cmake ${PROJECT_BINARY_DIR}/ganConfigVersion.cmake
  DESTINATION ${package_dir})
install(FILES ${PROJECT_BINARY_DIR}/gan.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/gan DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
# Models are found from the program; see src/runtime/shipped_model.h.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/models/ DESTINATION ${CMAKE_INSTALL_DATADIR}/gan/models
  OPTIONAL FILES_MATCHING PATTERN "*.safetensors")
