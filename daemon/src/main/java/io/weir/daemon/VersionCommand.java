package io.weir.daemon;

import io.netty.channel.epoll.Epoll;
import io.weir.daemon.cli.BuildInfo;
import io.weir.daemon.cli.ExitCode;
import io.weir.tls.TlsProvider;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weir version}. */
@Command(name = "version", description = "Shows what this is.", mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {
  @Option(names = "--verbose", description = "Show what it runs on, too.")
  private boolean verbose;

  static String line(BuildInfo build) {
    return "weir " + build.version() + " (" + build.revision() + ")";
  }

  @Override
  public Integer call() {
    BuildInfo build = BuildInfo.read();
    System.out.println(line(build));
    if (verbose) {
      System.out.println("java       " + build.java());
      System.out.println("netty      " + build.netty());
      System.out.println("transport  " + (Epoll.isAvailable() ? "epoll" : "nio"));
      System.out.println("tls        " + TlsProvider.detect().version());
      System.out.println(
          "system     " + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }
    return ExitCode.OK;
  }
}
