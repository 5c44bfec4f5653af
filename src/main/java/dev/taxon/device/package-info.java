@NullMarked
package dev.taxon.device;

import org.jspecify.annotations.NullMarked;
