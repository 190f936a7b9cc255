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
}
