# JCuda's JNI libraries with an index of their own, extracted only where a GPU is, and our kernels' sources, which NVRTC
# compiles for the card at hand.
set(JCUDA_DIR "" CACHE PATH "folder of the unpacked jcuda-natives, jcublas-natives and jcudnn-natives jars")
get_filename_component(NATIVE_DIR ${OUTPUT_DIR} DIRECTORY)
file(GLOB JCUDA_LIBRARIES ${JCUDA_DIR}/*.so)
if(NOT JCUDA_LIBRARIES)
    message(FATAL_ERROR "JCUDA_DIR=${JCUDA_DIR} holds no libraries")
endif()

set(JCUDA_COPIED)
foreach(library ${JCUDA_LIBRARIES})
    get_filename_component(name ${library} NAME)
    add_custom_command(OUTPUT ${NATIVE_DIR}/jcuda/${name}
        COMMAND ${CMAKE_COMMAND} -E copy ${library} ${NATIVE_DIR}/jcuda/${name}
        DEPENDS ${library})
    list(APPEND JCUDA_COPIED ${NATIVE_DIR}/jcuda/${name})
endforeach()
add_custom_command(OUTPUT ${NATIVE_DIR}/jcuda/index.txt
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${NATIVE_DIR}/jcuda -P ${CMAKE_CURRENT_SOURCE_DIR}/index.cmake
    DEPENDS ${JCUDA_COPIED} ${CMAKE_CURRENT_SOURCE_DIR}/index.cmake)
add_custom_target(jcuda ALL DEPENDS ${NATIVE_DIR}/jcuda/index.txt)

file(GLOB CUDA_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/cuda/*.cu ${CMAKE_CURRENT_SOURCE_DIR}/cuda/*.cuh)
set(CUDA_COPIED)
foreach(source ${CUDA_SOURCES})
    get_filename_component(name ${source} NAME)
    add_custom_command(OUTPUT ${NATIVE_DIR}/cuda/${name}
        COMMAND ${CMAKE_COMMAND} -E copy ${source} ${NATIVE_DIR}/cuda/${name}
        DEPENDS ${source})
    list(APPEND CUDA_COPIED ${NATIVE_DIR}/cuda/${name})
endforeach()
add_custom_target(cuda-sources ALL DEPENDS ${CUDA_COPIED})
