using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Swiper.Core.Dispatch;
using Swiper.Host;
using Swiper.Host.Options;

namespace Swiper.Local.Robots;

/// <summary>
/// The store to fill with robots: the engine and the token keys, composed from options as in a host.
/// </summary>
internal static class RobotStore
{
    /// <param name="settings">Options as KEY=VALUE; they override the environment, and later ones override earlier ones.</param>
    /// <param name="heedEnvironment">Whether to read options from the environment.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options are invalid.</exception>
    public static ServiceProvider Compose(IReadOnlyList<string> settings, bool heedEnvironment)
    {
        var configuration = new ConfigurationManager();
        if (heedEnvironment)
            configuration.AddEnvironmentVariables();
        // Nothing listens and nothing is sent here, so the checks of Production do not apply.
        var options = OptionsReader.Read(configuration, settings, isDevelopment: true);
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton(options)
            .AddSingleton(TimeProvider.System)
            .AddSingleton<SessionRegistry>()
            .AddEngine(options)
            .AddTokens(options)
            .BuildServiceProvider();
    }
}
