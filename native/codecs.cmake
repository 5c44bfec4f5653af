# The image codecs: those of the system, found by their development packages, and libwebp out of its Maven jar.
set(WEBP_LIBRARY "" CACHE FILEPATH "libwebp-imageio.so of the unpacked com.github.usefulness:webp-imageio jar")

# Links one codec; appends the file to ship, which must be called what the dynamic linker asks for, to IMAGE_CODECS.
macro(image_codec target package header library)
    find_path(${library}_HEADERS ${header})
    find_library(${library}_LIBRARY lib${library}.so)
    if(NOT ${library}_HEADERS OR NOT ${library}_LIBRARY)
        message(FATAL_ERROR "${header} or lib${library}.so is missing: install it with apt install ${package}")
    endif()
    target_include_directories(${target} SYSTEM PRIVATE ${${library}_HEADERS})
    # Also where only another codec needs it: our copy is the one to load.
    target_link_libraries(${target} PRIVATE -Wl,--no-as-needed ${${library}_LIBRARY} -Wl,--as-needed)
    execute_process(COMMAND ${CMAKE_OBJDUMP} -p ${${library}_LIBRARY} OUTPUT_VARIABLE dynamic)
    string(REGEX MATCH "SONAME +([^\n]+)" soname "${dynamic}")
    set(soname ${CMAKE_MATCH_1})
    get_filename_component(real ${${library}_LIBRARY} REALPATH)
    get_filename_component(folder ${real} DIRECTORY)
    list(APPEND IMAGE_CODECS ${folder}/${soname})
endmacro()

macro(image_codecs target)
    target_link_libraries(${target} PRIVATE ${WEBP_LIBRARY})
    set(IMAGE_CODECS ${WEBP_LIBRARY})
    image_codec(${target} libjpeg-dev jpeglib.h jpeg)
    image_codec(${target} libpng-dev png.h png)
    image_codec(${target} libpng-dev zlib.h z)
endmacro()
