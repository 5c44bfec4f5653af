# Writes weak stand-ins for all names in NAMES: they answer STATUS and note which call it was.
# cmake -DNAMES=… -DSTATUS=… -DOUT=… -P stubs.cmake
file(STRINGS ${NAMES} names)
set(text "#include \"${HERE}/core/control.h\"\n")
foreach(name ${names})
    string(APPEND text "CUDASIM_API __attribute__((weak)) int ${name}() { return cudasim::unsupported(\"${name}\", ${STATUS}); }\n")
endforeach()
file(WRITE ${OUT} "${text}")
