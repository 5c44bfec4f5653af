/** Tests of the CUDA simulator itself ({@code native/cudasim}): each rule that it is stricter about fails as it should. */
@NullMarked
package dev.taxon.cudasim;

import org.jspecify.annotations.NullMarked;
