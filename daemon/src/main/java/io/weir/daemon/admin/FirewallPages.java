package io.weir.daemon.admin;

import com.fasterxml.jackson.jr.ob.JSON;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.weir.core.status.AskedRequest;
import io.weir.core.status.ExplainedRequest;
import io.weir.core.status.ProxyStatus.RuleStatus;
import io.weir.core.status.Refused;
import io.weir.daemon.explain.ExplainJson;
import io.weir.daemon.explain.Question;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the admin endpoint tells of the rules and of what they refused. */
final class FirewallPages {
  /** More at once would keep workers from their requests, who tell them. */
  private static final int MOST_EVENTS = 1000;

  private static final int USUAL_EVENTS = 100;

  private final Operations operations;

  FirewallPages(Operations operations) {
    this.operations = operations;
  }

  /** {@code /api/v1/firewall/rules}. */
  FullHttpResponse rules() {
    List<RuleStatus> rules = operations.proxy().rules();
    return AdminResponses.json(json -> {
      json.writeArrayFieldStart("rules");
      for (RuleStatus rule : rules) {
        boolean report = rule.mode().equals("report");
        json.writeStartObject();
        json.writeStringField("rule", rule.name());
        json.writeStringField("action", rule.action());
        json.writeStringField("mode", rule.mode());
        json.writeNumberField("hits", report ? 0 : rule.matches());
        json.writeNumberField("would_have_hits", report ? rule.matches() : 0);
        if (rule.lastMatchMillis() > 0) {
          json.writeStringField(
              "last_hit", Instant.ofEpochMilli(rule.lastMatchMillis()).toString());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
    });
  }

  /** {@code /api/v1/firewall/events}: the latest refusals first, or the one of a request id. */
  CompletableFuture<FullHttpResponse> events(FullHttpRequest request) {
    Map<String, List<String>> query = new QueryStringDecoder(request.uri()).parameters();
    if (query.containsKey("request_id")) {
      return operations
          .refusal(query.get("request_id").getFirst())
          .thenApply(found -> events(found.stream().toList()));
    }
    int limit = limit(query.getOrDefault("limit", List.of()));
    if (limit < 0) {
      return done(
          AdminResponses.problem(
              HttpResponseStatus.BAD_REQUEST, "limit: expected a number from 1 to " + MOST_EVENTS));
    }
    return operations.refusals(limit).thenApply(FirewallPages::events);
  }

  private static int limit(List<String> given) {
    if (given.isEmpty()) {
      return USUAL_EVENTS;
    }
    String text = given.getFirst();
    int limit = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : -1;
    return limit >= 1 && limit <= MOST_EVENTS ? limit : -1;
  }

  private static FullHttpResponse events(List<Refused> refusals) {
    return AdminResponses.json(json -> {
      json.writeArrayFieldStart("events");
      for (Refused refused : refusals) {
        json.writeStartObject();
        ExplainJson.write(refused, json);
        json.writeEndObject();
      }
      json.writeEndArray();
    });
  }

  /** {@code /api/v1/explain}: of a request that is described, or of one that was refused. */
  CompletableFuture<FullHttpResponse> explain(FullHttpRequest request) {
    AskedRequest asked;
    try {
      Map<String, Object> body =
          JSON.std.mapFrom(request.content().toString(StandardCharsets.UTF_8));
      if (body.get("request_id") instanceof String id) {
        return operations.refusal(id).thenCompose(found -> explain(id, found));
      }
      asked = Question.read(body).asked();
    } catch (IOException e) {
      return done(AdminResponses.problem(HttpResponseStatus.BAD_REQUEST, "the body is not JSON"));
    } catch (IllegalArgumentException e) {
      return done(
          AdminResponses.problem(HttpResponseStatus.BAD_REQUEST, String.valueOf(e.getMessage())));
    }
    return operations.explain(asked).thenApply(explained -> explained(null, explained));
  }

  private CompletableFuture<FullHttpResponse> explain(String id, Optional<Refused> found) {
    if (found.isEmpty()) {
      return done(AdminResponses.problem(HttpResponseStatus.NOT_FOUND, notRemembered(id)));
    }
    Refused refused = found.get();
    AskedRequest asked = Question.again(refused);
    return asked == null
        ? done(explained(refused, new ExplainedRequest.Unclear("its head was too long to keep")))
        : operations.explain(asked).thenApply(explained -> explained(refused, explained));
  }

  /** A 502 or a 404 is no refusal, and has an id on its page, too. */
  private static String notRemembered(String id) {
    String search =
        id.matches("[A-Za-z0-9._~:+/=@-]{1,128}") // safe to be pasted
            ? ": grep '\"request_id\":\"" + id + "\"' access.log"
            : "";
    return "no refusal of the request "
        + id
        + " is remembered; the firewall log has those by rules, and an access log in JSON has every"
        + " request"
        + search;
  }

  private static FullHttpResponse explained(@Nullable Refused refused, ExplainedRequest explained) {
    if (refused == null && explained instanceof ExplainedRequest.Unclear(String why)) {
      return AdminResponses.problem(HttpResponseStatus.UNPROCESSABLE_ENTITY, why);
    }
    return AdminResponses.json(json -> {
      if (refused != null) {
        json.writeObjectFieldStart("refused");
        ExplainJson.write(refused, json);
        json.writeEndObject();
      }
      switch (explained) {
        case ExplainedRequest.Traced traced -> {
          json.writeObjectFieldStart("explained");
          ExplainJson.write(refused == null ? traced : traced.withoutQuery(), json);
          json.writeEndObject();
        }
        case ExplainedRequest.Unclear(String why) -> json.writeStringField("unclear", why);
      }
    });
  }

  private static CompletableFuture<FullHttpResponse> done(FullHttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
