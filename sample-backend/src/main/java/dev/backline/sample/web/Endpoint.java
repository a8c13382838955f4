package dev.backline.sample.web;

/** What the site does about one method on one path: no waiting, no sockets. */
@FunctionalInterface
public interface Endpoint {
  Answer answer(Request request);
}
