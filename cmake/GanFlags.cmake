# Compiler settings as interface targets, so that nothing leaks into a project that includes us:
# gan_flags for the layers; gan_warnings for what sees the public headers alone.

# missing-field: named initialisers leave out what keeps its default; that is what they are for.
set(warnings -Wall -Wextra -Wno-missing-field-initializers -Wpedantic -Wshadow
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor> -Werror)

add_library(gan_flags INTERFACE)
target_compile_features(gan_flags INTERFACE cxx_std_20)
target_compile_options(gan_flags INTERFACE
  # Some libraries ask for it: with it everywhere, all can share a precompiled header.
  -pthread
  # A product and a sum stay two roundings unless the code says FMA: same bytes from every compiler.
  $<$<COMPILE_LANGUAGE:CXX>:-ffp-contract=off>
  $<$<BOOL:${GAN_DEVELOPER}>:${warnings}>)
target_include_directories(gan_flags INTERFACE
  ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)

# Tests are compiled for their reader and run once: what they test is optimised, they are hardly.
add_library(gan_test_flags INTERFACE)
target_compile_options(gan_test_flags INTERFACE $<$<CONFIG:Release>:-O1>
  # g++ 12 without its later passes sees copies in std::string that overlap or leave their bounds.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-array-bounds;-Wno-stringop-overflow>)

add_library(gan_warnings INTERFACE)
target_compile_features(gan_warnings INTERFACE cxx_std_20)
target_compile_options(gan_warnings INTERFACE $<$<BOOL:${GAN_DEVELOPER}>:${warnings}>)

if(GAN_SANITIZE)
  foreach(target IN ITEMS gan_flags gan_warnings)
    target_compile_options(${target} INTERFACE
      -fsanitize=${GAN_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
    target_link_options(${target} INTERFACE -fsanitize=${GAN_SANITIZE})
  endforeach()
endif()

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
