@NullMarked
package dev.taxon.train.hook;

import org.jspecify.annotations.NullMarked;
