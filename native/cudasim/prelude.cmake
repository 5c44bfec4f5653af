# Writes the headers that stand before a kernel's source as one C++ string.
set(text "")
foreach(part core/kernel.h simt/simt.h simt/device.h)
    file(READ ${HERE}/${part} content)
    string(REPLACE "#pragma once\n" "" content "${content}")
    # A string literal has a limit, so the text is cut at lines.
    string(APPEND text "R\"CUDASIM(${content})CUDASIM\"\n")
endforeach()
file(WRITE ${OUT} "static const char PRELUDE[] =\n${text};\n")
