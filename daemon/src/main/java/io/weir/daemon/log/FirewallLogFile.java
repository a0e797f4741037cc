package io.weir.daemon.log;

import io.weir.core.log.FirewallLog;
import io.weir.firewall.ban.Ban;
import io.weir.metrics.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/** The log of what rules did, in a file: one JSON object per line. */
public final class FirewallLogFile implements FirewallLog, AutoCloseable {
  private final LogFile file;

  private final InstantSource clock;

  /** Opens the file for appending. */
  public FirewallLogFile(Path file, Metrics metrics, InstantSource clock) throws IOException {
    this(file, metrics, clock, LogFile.RING);
  }

  FirewallLogFile(Path file, Metrics metrics, InstantSource clock, int ringBytes)
      throws IOException {
    this.clock = clock;
    this.file = new LogFile(file, "firewall", metrics, ringBytes);
  }

  @Override
  public Sink sink(int worker) {
    LogFile.Lines lines = file.lines(worker);
    FirewallFormat format = new FirewallFormat();
    return record -> {
      format.write(record, lines.begin());
      lines.end();
    };
  }

  @Override
  public BanSink banSink() {
    LogFile.Lines lines = file.controlLines();
    FirewallFormat format = new FirewallFormat();
    return new BanSink() {
      @Override
      public void write(Ban ban) {
        format.write(ban, clock.millis(), lines.begin());
        lines.end();
      }

      @Override
      public void lost(long bans) {
        lines.lost(bans);
      }
    };
  }

  /** Lets go of the file and opens its path anew, as log rotation wants it. */
  public void reopen() {
    file.reopen();
  }

  /** Writes what is there and ends. No worker may write any more. */
  @Override
  public void close() {
    file.close();
  }
}
