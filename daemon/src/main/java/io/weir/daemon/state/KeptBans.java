package io.weir.daemon.state;

import io.weir.daemon.problem.Reason;
import io.weir.firewall.ban.BanTable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bans of this process, which it takes over from the one before and leaves to the next. */
public final class KeptBans implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeptBans.class);

  /** What a crash may forget. */
  private static final int SAVE_EVERY_SECONDS = 10;

  private final BanTable table;
  private final @Nullable BanFile file;
  private final int restored;
  private final InstantSource clock;
  private final ScheduledExecutorService saver =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("weir-bans").factory());
  private long saved; // the table's changes; the saver's, then the closing thread's
  private volatile @Nullable String problem; // why nothing is kept; written like the above

  private KeptBans(
      BanTable table,
      @Nullable BanFile file,
      int restored,
      @Nullable String problem,
      InstantSource clock) {
    this.table = table;
    this.file = file;
    this.restored = restored;
    this.problem = problem;
    this.clock = clock;
    saved = table.changes();
  }

  /**
   * Where bans are kept.
   *
   * @param file null if there is no folder for it
   * @param problem why they are in memory only; null if they are in the file
   */
  public record Place(@Nullable Path file, @Nullable String problem) {}

  /**
   * Takes over what the folder has, and keeps it up to date from now on.
   *
   * @param folder null: bans are kept in memory only
   * @param random for the secret of the table's hash; must not be predictable
   */
  public static KeptBans open(@Nullable Path folder, InstantSource clock, RandomGenerator random) {
    if (folder == null) {
      String problem = "there is no folder for state (" + StateDirectory.VARIABLE + ")";
      return new KeptBans(new BanTable(random), null, 0, problem, clock);
    }
    BanFile file = new BanFile(folder);
    BanTable table = new BanTable(random);
    int restored = 0;
    try {
      restored = file.read(table, clock.millis());
    } catch (IOException e) {
      LOG.error("the bans of {} cannot be read, nobody is banned: {}", file.path(), e.toString());
      setAside(file); // else the next save would be all that is left of them
      table = new BanTable(random);
    } catch (BanFile.Broken e) {
      LOG.error("nobody is banned, since the file of bans is broken: {}", e.getMessage());
      setAside(file);
      table = new BanTable(random);
    }
    KeptBans bans = new KeptBans(table, file, restored, problem(file), clock);
    var _ =
        bans.saver.scheduleWithFixedDelay(
            bans::save, SAVE_EVERY_SECONDS, SAVE_EVERY_SECONDS, TimeUnit.SECONDS);
    return bans;
  }

  /** Tried before anything is to be kept: a crash would be a late moment to hear of it. */
  private static @Nullable String problem(BanFile file) {
    try {
      file.tryToWrite();
      return null;
    } catch (IOException e) {
      String problem = unwritable(file, e);
      LOG.warn("bans are in memory only, and forgotten at the end: {}", problem);
      return problem;
    }
  }

  private static String unwritable(BanFile file, IOException e) {
    return file.path() + " cannot be written: " + Reason.of(e);
  }

  private static void setAside(BanFile file) {
    try {
      LOG.error("it is now {}", file.setAside());
    } catch (IOException e) {
      LOG.error("it cannot be set aside and will be replaced: {}", e.toString());
    }
  }

  /** The bans. */
  public BanTable table() {
    return table;
  }

  /** Where whatever takes long with bans can be done. */
  public Executor executor() {
    return saver;
  }

  /** How many were taken over, and where they are kept, for the start report. */
  public String inWords() {
    Place now = place();
    String taken = now.file() == null ? "" : restored + ", ";
    return taken
        + (now.problem() == null ? "kept in " + now.file() : "in memory only: " + now.problem());
  }

  /** Where they are kept at the moment. Any thread. */
  public Place place() {
    return new Place(file == null ? null : file.path(), problem);
  }

  void save() {
    BanFile to = file;
    long changes = table.changes();
    if (to == null || changes == saved) {
      return;
    }
    try {
      to.write(table, clock.millis());
      saved = changes;
      if (problem != null) {
        LOG.info("bans are kept in {} from now on", to.path());
      }
      problem = null;
    } catch (IOException e) {
      String now = unwritable(to, e);
      if (!now.equals(problem)) {
        LOG.error("bans are in memory only: {}", now);
      }
      problem = now;
    }
  }

  /** Writes what is not yet written. */
  @Override
  public void close() {
    saver.shutdown();
    try {
      if (!saver.awaitTermination(SAVE_EVERY_SECONDS, TimeUnit.SECONDS)) {
        LOG.error("bans of the last seconds are lost: the file is still being written");
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    save();
  }
}
