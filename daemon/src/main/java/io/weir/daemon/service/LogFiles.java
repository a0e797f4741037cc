package io.weir.daemon.service;

import io.weir.core.Proxy.Logs;
import io.weir.core.log.AccessLog;
import io.weir.core.log.FirewallLog;
import io.weir.daemon.config.LoggingConfig;
import io.weir.daemon.config.LoggingConfig.Access;
import io.weir.daemon.log.AccessLogFile;
import io.weir.daemon.log.CombinedFormat;
import io.weir.daemon.log.FirewallLogFile;
import io.weir.daemon.log.JsonFormat;
import io.weir.daemon.log.LineFormat;
import io.weir.daemon.problem.FileFailure;
import io.weir.metrics.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** The logs that the workers write, as far as the configuration asks for them. */
final class LogFiles implements AutoCloseable {
  private @Nullable AccessLogFile access;
  private @Nullable FirewallLogFile firewall;

  /** Opens them. */
  LogFiles(LoggingConfig config, Metrics metrics, InstantSource clock) throws CannotStart {
    Access wanted = config.access();
    if (wanted != null) {
      try {
        access = new AccessLogFile(wanted.file(), () -> format(wanted), metrics);
      } catch (IOException e) {
        throw cannotWrite("access", wanted.file(), e);
      }
    }
    Path file = config.firewall();
    if (file != null) {
      try {
        firewall = new FirewallLogFile(file, metrics, clock);
      } catch (IOException e) {
        close();
        throw cannotWrite("firewall", file, e);
      }
    }
  }

  private static CannotStart cannotWrite(String log, Path file, IOException failure) {
    return new CannotStart(
        "%s: the %s log cannot be written: %s".formatted(file, log, FileFailure.explain(failure)));
  }

  private static LineFormat format(Access config) {
    return switch (config.format()) {
      case COMBINED -> new CombinedFormat(ZoneId.systemDefault());
      case JSON -> new JsonFormat();
    };
  }

  /** Where the proxy writes. */
  Logs logs() {
    return new Logs(
        access == null ? AccessLog.NONE : access, firewall == null ? FirewallLog.NONE : firewall);
  }

  /** Opens their paths anew; false if there are none. Any thread. */
  boolean reopen() {
    if (access != null) {
      access.reopen();
    }
    if (firewall != null) {
      firewall.reopen();
    }
    return access != null || firewall != null;
  }

  @Override
  public void close() {
    if (access != null) {
      access.close();
    }
    if (firewall != null) {
      firewall.close();
    }
  }
}
