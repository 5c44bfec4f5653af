# libtaxon-image, with the codecs that it needs shipped beside it.
include(codecs.cmake)
file(GLOB IMAGE_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/image/*.cpp)
add_library(taxon-image SHARED ${IMAGE_SOURCES})
target_include_directories(taxon-image PRIVATE include)
target_compile_options(taxon-image PRIVATE -Wall -Wextra -Werror -march=x86-64-v3 -ffp-contract=off)
image_codecs(taxon-image)
set(CODEC_LIBRARIES ${IMAGE_CODECS})
target_link_options(taxon-image PRIVATE -Wl,-z,defs)
set_target_properties(taxon-image PROPERTIES
    LIBRARY_OUTPUT_DIRECTORY ${OUTPUT_DIR}
    BUILD_RPATH "" SKIP_BUILD_RPATH FALSE BUILD_WITH_INSTALL_RPATH TRUE INSTALL_RPATH "$ORIGIN")
