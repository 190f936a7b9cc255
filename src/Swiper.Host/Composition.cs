using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Host.Connections;
using Swiper.Host.Limits;
using Swiper.Host.Options;

namespace Swiper.Host;

/// <summary>What the server is made of.</summary>
internal static class Composition
{
    public static WebApplication Build(HostArguments arguments)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            EnvironmentName = arguments.Environment,
            ContentRootPath = AppContext.BaseDirectory,
        });
        var options = OptionsReader.Read(builder.Configuration, arguments.Settings, builder.Environment.IsDevelopment());

        builder.AddSwiperLogging();
        builder.Services
            .AddSingleton(options)
            .AddSingleton(options.Accounts)
            .AddSingleton(TimeProvider.System)
            .AddDispatch(options)
            .AddSlices();
        builder.AddSwiperListeners(options);
        return builder.Build();
    }

    private static IServiceCollection AddDispatch(this IServiceCollection services, SwiperOptions options) => services
        .AddSingleton(new ServerIdentity($"swiper/{typeof(Composition).Assembly.GetName().Version?.ToString(3)}", Node: 0, options.Limits.MaxFrame, options.Limits.InFlight))
        .AddSingleton<IRequestLimiter, AddressLimiter>()
        .AddSingleton<SessionRegistry>()
        .AddSingleton<Dispatcher>()
        .AddSingleton(provider =>
        {
            var table = new OpcodeTable();
            foreach (var slice in provider.GetServices<ISlice>())
                slice.Map(table);
            return table;
        });

    private static IServiceCollection AddSlices(this IServiceCollection services) => services
        .AddSingleton<ISlice, DiagnosticsSlice>();
}
