package dev.backline.balancer.admin;

import dev.backline.balancer.config.DnsConfig;
import dev.backline.balancer.config.RegistrationConfig;
import dev.backline.balancer.control.NameAnswer;
import dev.backline.balancer.control.NameNews;
import dev.backline.balancer.control.PoolPolicy;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Where a pool's backends come from, in {@code GET /v1/status}. */
final class SourceView {
  private SourceView() {}

  /**
   * Returns a pool's source as JSON.
   *
   * @param last of the name; {@code null} before its first answer
   */
  static JsonObject of(PoolPolicy policy, NameNews.@Nullable Last last, long nowNanos) {
    DnsConfig dns = policy.dns();
    RegistrationConfig registration = policy.registration();
    if (registration != null) {
      return new JsonObject()
          .put("kind", "registration")
          .put("leaseMillis", registration.lease().toMillis());
    }
    if (dns == null) {
      return new JsonObject().put("kind", "file");
    }
    JsonObject source = new JsonObject().put("kind", "dns").put("dns", dns.address());
    if (last == null) {
      return source.put("answer", "none yet").put("known", false);
    }
    NameAnswer answer = last.answer();
    int backends = answer instanceof NameAnswer.Listed listed ? listed.backends().size() : 0;
    return source
        .put("answer", answer.words())
        .put("known", !(answer instanceof NameAnswer.Failed))
        .put("backends", backends)
        .put("agoMillis", Math.max(0, nowNanos - last.atNanos()) / 1_000_000);
  }
}
