using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Swiper.Core.Diagnostics;

namespace Swiper.Storage;

[EventIds(3000, 3059, "Storage")]
internal static partial class StorageLog
{
    [Description("a bug: report the exception")]
    [LoggerMessage(3000, LogLevel.Error, "Unhandled exception in the lane of shard {Shard}")]
    public static partial void LaneFaulted(ILogger logger, int shard, Exception exception);

    [Description("fix what the exception names: a full disk, a damaged file, a server that is down. Reads continue, "
        + "and writes resume without a restart")]
    [LoggerMessage(3004, LogLevel.Error, "Shard {Shard} can't be written: writes to it return 1004 until it recovers")]
    public static partial void ShardFailing(ILogger logger, int shard, Exception exception);

    [LoggerMessage(3005, LogLevel.Information, "Shard {Shard} accepts writes again")]
    public static partial void ShardRecovered(ILogger logger, int shard);

    [Description("a bug: report the exception, and restart the process")]
    [LoggerMessage(3006, LogLevel.Critical,
        "Durable swipes of shard {Shard} could not be published; the process exits, and its next start publishes them")]
    public static partial void PublishFailed(ILogger logger, int shard, Exception exception);

    [LoggerMessage(3001, LogLevel.Information, "Rebuilding the indexes: {Users} users and {Swipes} swipes read so far")]
    public static partial void Rebuilding(ILogger logger, long users, long swipes);

    [LoggerMessage(3002, LogLevel.Information, "Rebuilt the indexes: {Users} users and {Swipes} swipes in {Seconds:0.0} s")]
    public static partial void Rebuilt(ILogger logger, long users, long swipes, double seconds);

    [LoggerMessage(3011, LogLevel.Information, "Brought the indexes up to date: {Rows} rows were written since they were read")]
    public static partial void BroughtUpToDate(ILogger logger, int rows);

    [Description("nothing, unless the reason is a surprise: the restart takes longer, because everything is read once the old process has "
        + "ended its work")]
    [LoggerMessage(3012, LogLevel.Information, "The indexes are read after the old process has handed over, not before: {Reason}")]
    public static partial void NotReadAhead(ILogger logger, string reason);

    [Description("fix what the exception names: a full disk, a missing privilege, overload. Reads continue")]
    [LoggerMessage(3008, LogLevel.Error, "Shard {Shard} is reachable but rejected a request, which returned 1004")]
    public static partial void ShardRefuses(ILogger logger, int shard, Exception exception);

    [Description("bring the server back, as for 3004")]
    [LoggerMessage(3009, LogLevel.Warning,
        "Shard {Shard} ({Name}) has not answered for {Seconds:0} s: requests that need it return 1004 until it does")]
    public static partial void ShardStillFailing(ILogger logger, int shard, string name, double seconds);

    [Description("fix what the exception names: a damaged file, or a disk that hangs")]
    [LoggerMessage(3010, LogLevel.Error, "Shard {Shard} can't be read: reads from it return 1004 until it recovers")]
    public static partial void ShardNotRead(ILogger logger, int shard, Exception exception);

    [LoggerMessage(3007, LogLevel.Information, "Read {Users} users in {Seconds:0.0} s")]
    public static partial void PeopleRead(ILogger logger, long users, double seconds);
}
