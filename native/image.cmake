# libtaxon-image: the image codecs of the system, found by their development packages, and libwebp out of its Maven jar;
# shipped beside our library.
set(WEBP_LIBRARY "" CACHE FILEPATH "libwebp-imageio.so of the unpacked com.github.usefulness:webp-imageio jar")
file(GLOB IMAGE_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/image/*.cpp)
add_library(taxon-image SHARED ${IMAGE_SOURCES})
target_include_directories(taxon-image PRIVATE include)
target_compile_options(taxon-image PRIVATE -Wall -Wextra -Werror -march=x86-64-v3 -ffp-contract=off)
target_link_libraries(taxon-image PRIVATE ${WEBP_LIBRARY})
set(CODEC_LIBRARIES ${WEBP_LIBRARY})
target_link_options(taxon-image PRIVATE -Wl,-z,defs)
set_target_properties(taxon-image PROPERTIES
    LIBRARY_OUTPUT_DIRECTORY ${OUTPUT_DIR}
    BUILD_RPATH "" SKIP_BUILD_RPATH FALSE BUILD_WITH_INSTALL_RPATH TRUE INSTALL_RPATH "$ORIGIN")

# Adds one codec: links it, and names the file to ship, which must be called what the dynamic linker asks for.
function(image_codec package header library)
    find_path(${library}_HEADERS ${header})
    find_library(${library}_LIBRARY lib${library}.so)
    if(NOT ${library}_HEADERS OR NOT ${library}_LIBRARY)
        message(FATAL_ERROR "${header} or lib${library}.so is missing: install it with apt install ${package}")
    endif()
    target_include_directories(taxon-image SYSTEM PRIVATE ${${library}_HEADERS})
    # Also where only another codec needs it: our copy is the one to load.
    target_link_libraries(taxon-image PRIVATE -Wl,--no-as-needed ${${library}_LIBRARY} -Wl,--as-needed)
    execute_process(COMMAND ${CMAKE_OBJDUMP} -p ${${library}_LIBRARY} OUTPUT_VARIABLE dynamic)
    string(REGEX MATCH "SONAME +([^\n]+)" soname "${dynamic}")
    get_filename_component(real ${${library}_LIBRARY} REALPATH)
    get_filename_component(folder ${real} DIRECTORY)
    set(CODEC_LIBRARIES ${CODEC_LIBRARIES} ${folder}/${CMAKE_MATCH_1} PARENT_SCOPE)
endfunction()

image_codec(libjpeg-dev jpeglib.h jpeg)
image_codec(libpng-dev png.h png)
image_codec(libpng-dev zlib.h z)
