using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Swiper.Client;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Swiper with a dependency injection container.</summary>
public static class SwiperClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds one <see cref="ISwiperClient"/> for the whole app. It connects in the background on first use
    /// (<see cref="SwiperClient.Start"/>), logs to the app's loggers, and is closed by the container's DisposeAsync.
    /// </summary>
    /// <exception cref="ArgumentException">The options are invalid; the message names every problem.</exception>
    public static IServiceCollection AddSwiperClient(this IServiceCollection services, SwiperClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return services.AddSwiperClient(_ => options);
    }

    /// <inheritdoc cref="AddSwiperClient(IServiceCollection, SwiperClientOptions)"/>
    /// <param name="services">The service collection.</param>
    /// <param name="options">Creates the options when the client is first used, which fails if they are invalid.</param>
    public static IServiceCollection AddSwiperClient(this IServiceCollection services, Func<IServiceProvider, SwiperClientOptions> options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.TryAddSingleton<ISwiperClient>(provider =>
        {
            var chosen = options(provider);
            return SwiperClient.Start(chosen with { LoggerFactory = chosen.LoggerFactory ?? provider.GetService<ILoggerFactory>() });
        });
        return services;
    }
}
