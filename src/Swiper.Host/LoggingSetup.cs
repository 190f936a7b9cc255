namespace Swiper.Host;

/// <summary>Logs for people in Development, one JSON object a line otherwise.</summary>
internal static class LoggingSetup
{
    public static void AddSwiperLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        if (builder.Environment.IsDevelopment())
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        else
            builder.Logging.AddJsonConsole(console => console.TimestampFormat = "O");
        // A failed start, which HostProcess tells in one line or throws on; a stack trace would bury that line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
    }
}
