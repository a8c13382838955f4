/** HTTP as the site sees it: a request goes in, an answer comes out, and one door does the rest. */
@NullMarked
package dev.backline.sample.web;

import org.jspecify.annotations.NullMarked;
