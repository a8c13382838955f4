/** What the site can be told to do wrong, one fault a file. */
@NullMarked
package dev.backline.sample.fault;

import org.jspecify.annotations.NullMarked;
