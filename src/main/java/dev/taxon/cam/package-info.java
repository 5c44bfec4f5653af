/** Class activation maps: where in an image a network sees a class. */
@NullMarked
package dev.taxon.cam;

import org.jspecify.annotations.NullMarked;
