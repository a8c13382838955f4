/** Songs that can be heard: composed from their number, and computed from any position on. */
@NullMarked
package dev.backline.sample.audio;

import org.jspecify.annotations.NullMarked;
