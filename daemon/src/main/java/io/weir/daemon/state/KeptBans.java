package io.weir.daemon.state;

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
  private boolean failing; // the saver's

  private KeptBans(BanTable table, @Nullable BanFile file, int restored, InstantSource clock) {
    this.table = table;
    this.file = file;
    this.restored = restored;
    this.clock = clock;
    saved = table.changes();
  }

  /**
   * Takes over what the folder has, and keeps it up to date from now on.
   *
   * @param folder null: bans are kept in memory only
   * @param random for the secret of the table's hash; must not be predictable
   */
  public static KeptBans open(@Nullable Path folder, InstantSource clock, RandomGenerator random) {
    if (folder == null) {
      return new KeptBans(new BanTable(random), null, 0, clock);
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
    KeptBans bans = new KeptBans(table, file, restored, clock);
    var _ =
        bans.saver.scheduleWithFixedDelay(
            bans::save, SAVE_EVERY_SECONDS, SAVE_EVERY_SECONDS, TimeUnit.SECONDS);
    return bans;
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

  /** Where they are kept, for the start report. */
  public String inWords() {
    return file == null
        ? "kept in memory only, since there is no folder for state (STATE_DIRECTORY)"
        : restored + ", kept in " + file.path();
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
      if (failing) {
        LOG.info("bans are kept in {} again", to.path());
      }
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        LOG.error("bans are in memory only, {} cannot be written: {}", to.path(), e.toString());
      }
      failing = true;
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
