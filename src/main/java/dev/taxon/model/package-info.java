@NullMarked
package dev.taxon.model;

import org.jspecify.annotations.NullMarked;
