/** Image files to pixels, as OpenCV and Pillow decode them: native codecs, and Java ones for formats of little traffic. */
@NullMarked
package dev.taxon.data.image;

import org.jspecify.annotations.NullMarked;
