using System.ComponentModel;
using Swiper.Core.Diagnostics;

namespace Swiper.Host.Web;

[EventIds(2300, 2399, "Operations")]
internal static partial class OperationsLog
{
    [Description("nothing: someone used the operations socket")]
    [LoggerMessage(2300, LogLevel.Information, "Operation {Method} {Path}: {Status}")]
    public static partial void Done(ILogger logger, string method, string path, int status);

    [Description("a bug: report the exception")]
    [LoggerMessage(2301, LogLevel.Error, "Operation {Method} {Path} failed")]
    public static partial void Failed(ILogger logger, string method, string path, Exception exception);

    [Description("nothing: someone makes a backup")]
    [LoggerMessage(2310, LogLevel.Information, "A backup is being made: {Folder}")]
    public static partial void BackupBegun(ILogger logger, string folder);

    [Description("nothing")]
    [LoggerMessage(2311, LogLevel.Information, "The backup {Folder} is whole: {Bytes} bytes, as of {Moment:O}")]
    public static partial void BackupMade(ILogger logger, string folder, long bytes, DateTimeOffset moment);

    [Description("fix what the message names, such as a full disk or a folder that the host may not write; nothing is left of it")]
    [LoggerMessage(2312, LogLevel.Warning, "The backup {Folder} was not made: {Reason}")]
    public static partial void BackupFailed(ILogger logger, string folder, string reason);
}
