# Compiler settings as one interface target, so that nothing leaks into a project that includes us.
add_library(gan_flags INTERFACE)
target_compile_features(gan_flags INTERFACE cxx_std_20)
target_compile_options(gan_flags INTERFACE
  # A product and a sum stay two roundings unless the code says FMA: same bytes from every compiler.
  $<$<COMPILE_LANGUAGE:CXX>:-ffp-contract=off>
  # missing-field: named initialisers leave out what keeps its default; that is what they are for.
  $<$<BOOL:${GAN_DEVELOPER}>:-Wall;-Wextra;-Wno-missing-field-initializers;-Wpedantic;-Wshadow;-Wnon-virtual-dtor;-Werror>)
target_include_directories(gan_flags INTERFACE
  ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)

if(GAN_SANITIZE)
  target_compile_options(gan_flags INTERFACE
    -fsanitize=${GAN_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
  target_link_options(gan_flags INTERFACE -fsanitize=${GAN_SANITIZE})
endif()

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
