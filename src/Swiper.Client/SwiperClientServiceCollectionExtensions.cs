using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Swiper.Client;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Swiper for apps that are put together by a container.</summary>
public static class SwiperClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds one <see cref="ISwiperClient"/> for the whole app. It connects in the background from its first use on
    /// (<see cref="SwiperClient.Start"/>), logs to the app's loggers, and is closed by the container's DisposeAsync.
    /// </summary>
    /// <exception cref="ArgumentException">The options are wrong; the message names all that is.</exception>
    public static IServiceCollection AddSwiperClient(this IServiceCollection services, SwiperClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return services.AddSwiperClient(_ => options);
    }

    /// <inheritdoc cref="AddSwiperClient(IServiceCollection, SwiperClientOptions)"/>
    /// <param name="services">What the app is put together from.</param>
    /// <param name="options">Makes the options when the client is first used; wrong ones show there.</param>
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
