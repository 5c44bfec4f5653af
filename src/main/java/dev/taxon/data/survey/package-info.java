/** What can be said of a whole data set by looking at every image: which are broken, how large, which colours. */
@NullMarked
package dev.taxon.data.survey;

import org.jspecify.annotations.NullMarked;
