using System.ComponentModel;
using Swiper.Core.Diagnostics;

namespace Swiper.Host.Restarts;

[EventIds(40, 59, "Restarts")]
internal static partial class RestartLog
{
    [LoggerMessage(40, LogLevel.Information, "Restart: process {Successor} is started to take the place of this one")]
    public static partial void Started(ILogger logger, int successor);

    [LoggerMessage(41, LogLevel.Information, "Restart: process {Successor} is ready; this one answers what it has read and hands over")]
    public static partial void HandingOver(ILogger logger, int successor);

    [Description("see the reason, which may also be on standard error: a wrong option, a missing file, a program that does not run. Mend "
        + "it, and restart again; nobody has noticed")]
    [LoggerMessage(42, LogLevel.Error, "Restart failed, and this process goes on serving: {Reason}")]
    public static partial void Failed(ILogger logger, string reason);

    [LoggerMessage(43, LogLevel.Warning, "Restart refused: {Reason}")]
    public static partial void Refused(ILogger logger, string reason);

    [LoggerMessage(44, LogLevel.Information,
        "Process {Own} serves in place of process {Predecessor}; clients got no answer for {Milliseconds:0} ms")]
    public static partial void TakenOver(ILogger logger, int own, int predecessor, double milliseconds);

    [Description("as of 42; but clients had to wait for an answer until now")]
    [LoggerMessage(45, LogLevel.Error, "Restart failed after this process had handed over, and it serves again: {Reason}")]
    public static partial void TakenBack(ILogger logger, string reason);

    [Description("see what is wrong with the shard that the reason names. The restart goes on, and takes longer")]
    [LoggerMessage(47, LogLevel.Warning,
        "Restart: what this process writes can't be noted, so its successor reads all files later: {Reason}")]
    public static partial void NotNoted(ILogger logger, string reason);

    [Description("nothing; the restart takes longer. To shorten it, give the machine or the container as much memory again as the host "
        + "has")]
    [LoggerMessage(48, LogLevel.Information, "Restart: the indexes are read once the old process has ended its work: "
        + "it has {Needed} MiB in memory, and {Spare} MiB are left")]
    public static partial void NoMemory(ILogger logger, long needed, long spare);

    [Description("see what is wrong with the shards. Until the next restart, or the end of this process, what it writes is noted in "
        + "memory")]
    [LoggerMessage(49, LogLevel.Warning, "Restart failed, and this process still notes what it writes for its successor: {Reason}")]
    public static partial void NotForgotten(ILogger logger, string reason);

    [Description("nothing if a service manager starts the host again. `./swiper restart` and SIGHUP start its successor by themselves "
        + "where they can")]
    [LoggerMessage(46, LogLevel.Warning, "SIGHUP ends this process, to be started again: {Reason}")]
    public static partial void Ends(ILogger logger, string reason);
}
