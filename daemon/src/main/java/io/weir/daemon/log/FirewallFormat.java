package io.weir.daemon.log;

import io.weir.core.log.FirewallRecord;
import io.weir.firewall.Decision;
import io.weir.firewall.ban.Ban;
import io.weir.firewall.config.RuleMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a rule did as one JSON object; a key whose value is not known is left out. An instance
 * belongs to one thread.
 */
final class FirewallFormat {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT);
  private static final byte[] OPEN = LineBuffer.ascii("{\"ts\":\"");
  private static final byte[] CLIENT_IP = JsonFormat.key("client_ip");
  private static final byte[] RULE = JsonFormat.key("rule");
  private static final byte[] ACTION = JsonFormat.key("action");
  private static final byte[] MODE = JsonFormat.key("mode");
  private static final byte[] FIELD = JsonFormat.key("field");
  private static final byte[] EXCERPT = JsonFormat.key("excerpt");
  private static final byte[] REASON = JsonFormat.key("reason");
  private static final byte[] METHOD = JsonFormat.key("method");
  private static final byte[] HOST = JsonFormat.key("host");
  private static final byte[] PATH = JsonFormat.key("path");
  private static final byte[] JA4 = JsonFormat.key("ja4");
  private static final byte[] LISTENER = JsonFormat.key("listener");
  private static final byte[] REQUEST_ID = JsonFormat.key("request_id");

  private static final byte[] BAN_SECONDS = JsonFormat.key("ban_seconds");
  private static final byte[] BAN_UNTIL = JsonFormat.key("ban_until");
  private static final byte[] BAN_TIMES = JsonFormat.key("ban_times");

  private final SecondStamp stamp = new SecondStamp(TIME, ZoneOffset.UTC);

  /** Appends the record, without the end of the line. */
  void write(FirewallRecord record, LineBuffer line) {
    time(record.epochMillis(), line);
    JsonFormat.text(CLIENT_IP, record.client().toString(), line);
    JsonFormat.text(RULE, record.rule(), line);
    JsonFormat.text(ACTION, record.action(), line);
    JsonFormat.text(MODE, record.mode().label(), line);
    JsonFormat.text(FIELD, record.field(), line);
    JsonFormat.text(EXCERPT, record.excerpt(), line);
    JsonFormat.text(REASON, record.reason(), line);
    JsonFormat.text(METHOD, record.method(), line);
    JsonFormat.text(HOST, record.host(), line);
    path(record.target(), line);
    JsonFormat.text(JA4, record.ja4(), line);
    JsonFormat.text(LISTENER, record.listener(), line);
    JsonFormat.text(REQUEST_ID, record.requestId(), line);
    line.put('}');
  }

  /**
   * Appends a ban that a rule made; its reason is the rule.
   *
   * @param now since the epoch; a ban that follows one of a peer whose clock is ahead begins, for
   *     the order among bans, later than that
   */
  void write(Ban ban, long now, LineBuffer line) {
    long made = Math.min(ban.fromMillis(), now);
    time(made, line);
    JsonFormat.text(CLIENT_IP, ban.clients().inWords(), line);
    JsonFormat.text(RULE, ban.reason(), line);
    JsonFormat.text(ACTION, Decision.BAN.label(), line);
    JsonFormat.text(MODE, RuleMode.ENFORCE.label(), line);
    JsonFormat.text(REASON, ban.reason(), line);
    line.put(BAN_SECONDS).put(Math.max(0, ban.untilMillis() - made) / 1000);
    Instant until = Instant.ofEpochMilli(ban.untilMillis()).truncatedTo(ChronoUnit.SECONDS);
    JsonFormat.text(BAN_UNTIL, until.toString(), line);
    line.put(BAN_TIMES).put(ban.times()).put('}');
  }

  private void time(long millis, LineBuffer line) {
    line.put(OPEN).put(stamp.of(Math.floorDiv(millis, 1000L)));
    line.put('.').put(Math.floorMod(millis, 1000L), 3).put('Z').put('"');
  }

  /** Queries hold secrets too often, and the access log has them where that is wanted. */
  private static void path(@Nullable String target, LineBuffer line) {
    if (target != null) {
      int question = target.indexOf('?');
      int end = question < 0 ? target.length() : question;
      line.put(PATH).put('"').json(target, 0, end).put('"');
    }
  }
}
