using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Swiper.Core.Dispatch;
using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Embedded.Social;
using Swiper.Storage.Embedded.Sqlite;
using Swiper.Storage.Indexes;
using Swiper.Storage.Metrics;
using Swiper.Storage.Records;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Embedded;

/// <summary>
/// What the repositories of the embedded engine share: the shard files, which are the truth, and the in-memory indexes, which are rebuilt
/// from them at start.
/// </summary>
internal sealed class EmbeddedEngine : IDisposable
{
    /// <summary>There is no other host.</summary>
    public const int Node = 0;

    // Requests wait for as long: longer than any disk but one that hangs needs.
    private static readonly TimeSpan LeftOversPatience = TimeSpan.FromSeconds(10);

    // While one commit is waited for, the other shards' wait, too.
    private static readonly TimeSpan CommitPatience = TimeSpan.FromSeconds(5);

    private readonly DataFolder _folder;
    private readonly EmbeddedIndexes _indexes;
    private readonly bool _isIndexed;
    private volatile bool _notesChanges;
    private readonly LaneThreads _threads = new();
    private readonly StorageMeter _meter;

    /// <exception cref="DataFolderException">The folder can't be used.</exception>
    public EmbeddedEngine(
        EmbeddedOptions options, SessionRegistry sessions, TimeProvider clock, ILogger logger, IMeterFactory? meters = null)
    {
        Logger = logger;
        _folder = DataFolder.Open(options.Folder, options.Shards, options.IsHandedOver);
        var readAhead = options.ReadAhead?.Take(logger);
        _isIndexed = readAhead is not null;
        _indexes = readAhead ?? new EmbeddedIndexes(options.Shards, options.CachedProfiles, clock);
        Sessions = sessions;
        Clock = clock;
        Uids = new UidGenerator(clock);
        Shards = [.. _indexes.Shards.Select((indexes, number) => new EmbeddedShard(number, this, _folder, indexes))];
        Records = new EmbeddedRecords(this);
        Health = new EmbeddedHealth(this, options.LowSpace);
        _meter = new StorageMeter(meters);
        Records.FollowUps.Handle(FollowUpKind.Swiped, new SwipeFollowUps(this).DoAsync, inOrder: false);
    }

    /// <summary>The full path of the data folder.</summary>
    public string Folder => _folder.Path;

    public EmbeddedShard[] Shards { get; }

    public EmbeddedRecords Records { get; }

    public EmbeddedHealth Health { get; }

    public SessionRegistry Sessions { get; }

    public TimeProvider Clock { get; }

    public ILogger Logger { get; }

    public UidGenerator Uids { get; }

    public PeopleDirectory Directory => _indexes.Directory;

    public PeopleIndex People => Directory.People;

    public Boards Boards => _indexes.Boards;

    public MatchClaims Claims { get; } = new();

    public LikesInFlight LikesInFlight { get; } = new();

    /// <summary>The free bytes where the folder is; null if the system does not say.</summary>
    public long? FreeBytes
    {
        get
        {
            try
            {
                return new DriveInfo(_folder.Path).AvailableFreeSpace;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>Whether the first user likes the second, as far as is visible to others.</summary>
    public bool Likes(long uid, long sid)
    {
        if (!People.TryGetSlot(uid, out var swiper) || !People.TryGetSlot(sid, out var target))
            return false;
        var shard = ShardOf(uid);
        lock (shard.Gate)
            return shard.Swiped.TryGet(swiper, target, out var kind) && kind != SwipeKind.Dislike;
    }

    public EmbeddedShard ShardOf(long uid) => Shards[_indexes.NumberOf(uid)];

    /// <summary>What was written since <see cref="NoteChangesAsync"/>, once this is disposed; null if not all of it was noted.</summary>
    public byte[]? Changes { get; private set; }

    /// <summary>
    /// Rebuilds the indexes from the files, unless they were read ahead, starts the lanes, and does the follow-ups that the last process
    /// did not get to.
    /// </summary>
    public void Start()
    {
        if (!_isIndexed)
            BuildIndexes();
        foreach (var shard in Shards)
            shard.Start(_threads, new SwipePublisher(shard), _meter.OfLane(shard.Number, "write"));
        Records.FollowUps.DoLeftOversAsync(LeftOversPatience).GetAwaiter().GetResult();
        Records.FollowUps.Start();
        new EmbeddedInstruments(_meter.Meter, this).Observe();
    }

    /// <summary>Runs something while no shard commits: all files hold what they held at one moment.</summary>
    /// <exception cref="TimeoutException">A commit takes too long: the disk hangs.</exception>
    public void BetweenCommits(Action action)
    {
        var held = 0;
        try
        {
            // Lanes wait at their own gate only, so there is no order in which they and this could wait for each other.
            for (; held < Shards.Length; held++)
            {
                if (!Shards[held].Writer.CommitGate.TryEnter(CommitPatience))
                    throw new TimeoutException($"Shard {held} has not ended a commit within {CommitPatience.TotalSeconds:0} s.");
            }

            action();
        }
        finally
        {
            while (held > 0)
                Shards[--held].Writer.CommitGate.Exit();
        }
    }

    /// <summary>Another process reads the files from now on, and wants to know what is written meanwhile.</summary>
    public Task NoteChangesAsync()
    {
        _notesChanges = true;
        return ChangeNotes.BeginAsync(Records);
    }

    /// <summary>It has ended.</summary>
    public Task ForgetChangesAsync()
    {
        _notesChanges = false;
        return ChangeNotes.EndAsync(Records);
    }

    /// <summary>Another process is about to open the folder: it is left without sums, which take a second a gigabyte.</summary>
    public void HandOver() => _folder.HandOver();

    /// <summary>Reports an unexpected exception in a lane.</summary>
    public void Faulted(EmbeddedShard shard, Exception exception) => StorageLog.LaneFaulted(Logger, shard.Number, exception);

    /// <summary>A durable batch could not be published: ends the process rather than go on with half of it visible.</summary>
    public void PublishFailed(EmbeddedShard shard, Exception exception)
    {
        StorageLog.PublishFailed(Logger, shard.Number, exception);
        Environment.FailFast("Durable swipes could not be shown.", exception);
    }

    /// <summary>Logs once that a shard's store fails, and once that it works again.</summary>
    public void WritingChanged(EmbeddedShard shard, Exception? failure)
    {
        if (failure is null)
            StorageLog.ShardRecovered(Logger, shard.Number);
        else
            StorageLog.ShardFailing(Logger, shard.Number, failure);
    }

    /// <summary>Reports a failed read, whose caller gets 1004.</summary>
    public void ReadFailed(EmbeddedShard shard, Exception failure) => StorageLog.ShardNotRead(Logger, shard.Number, failure);

    public void Dispose()
    {
        _meter.Dispose();
        Records.Dispose();
        // All lanes first: the last batch of one may still enqueue to another.
        foreach (var shard in Shards)
            shard.Stop();
        _threads.Dispose();
        foreach (var shard in Shards)
            shard.Dispose();
        if (_notesChanges)
            ReadChanges();
        _folder.Dispose();
        _indexes.Dispose();
    }

    private void BuildIndexes()
    {
        var readers = IndexReader.OpenAll(_folder.Path, Shards.Length);
        try
        {
            new IndexRebuild(_indexes, readers, Clock, Logger).Run();
        }
        finally
        {
            IndexReader.CloseAll(readers);
        }
    }

    private void ReadChanges()
    {
        try
        {
            Changes = ChangeNotes.Read(Shards.Select(shard => _folder.WriterOf(shard.Number)));
        }
        catch (SqliteException)
        {
            // The disk has failed, of which the shard's log tells: the next process reads all files anew.
        }
    }
}
