package dev.backline.sample.web;

import org.jspecify.annotations.Nullable;

/**
 * What a client asked for beyond "give me this": only if it changed, only if it didn't, only a
 * part. RFC 9110, sections 13.2.2 and 14, in their order of precedence.
 *
 * <p>There is no {@code Last-Modified} here, so conditions on dates are none.
 */
final class Conditions {
  private Conditions() {}

  /** What content becomes under the request's conditions; any other answer stays as it is. */
  static Answer apply(Request request, Answer answer) {
    String etag = answer.etag();
    if (etag == null || answer.status() != 200 || !request.isRead()) {
      return answer;
    }
    if (request.headers().contains("If-Match")
        && !EntityTag.matchesStrongly(request.headers().getAll("If-Match"), etag)) {
      return Answer.error(412, "If-Match: not what is here (expected: " + etag + ")");
    }
    if (EntityTag.matches(request.headers().getAll("If-None-Match"), etag)) {
      return answer.known();
    }
    if (answer.isInParts()
        && answer.body() instanceof Body.Sized whole
        && request.isGet()
        && isRangeWanted(request.headers().get("If-Range"), etag)) {
      return part(request, answer, whole);
    }
    return answer;
  }

  /** A tag must be ours, and strong; a date is never that of what has none. */
  private static boolean isRangeWanted(@Nullable String ifRange, String etag) {
    return ifRange == null || (EntityTag.isStrong(etag) && ifRange.strip().equals(etag));
  }

  /** Several ranges, and what is no range at all, are answered with the whole: 14.2 allows it. */
  private static Answer part(Request request, Answer answer, Body.Sized whole) {
    ByteRange range = ByteRange.parse(request.headers().getAll("Range"));
    if (range == null) {
      return answer;
    }
    long length = whole.length();
    ByteRange found = range.within(length);
    if (found == null) {
      return Answer.error(416, "Range: outside (expected: within " + length + " bytes)")
          .with("Content-Range", "bytes */" + length);
    }
    return answer.part(whole, found.first(), found.last());
  }
}
