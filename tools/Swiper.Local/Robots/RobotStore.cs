using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Swiper.Core.Dispatch;
using Swiper.Host;
using Swiper.Host.Options;

namespace Swiper.Local.Robots;

/// <summary>
/// The store that robots are put into: the engine and the keys of tokens, composed from options as a host composes them.
/// </summary>
internal static class RobotStore
{
    /// <param name="settings">KEY=VALUE each; they count more than the environment, and later ones more than earlier ones.</param>
    /// <param name="heedEnvironment">Whether what the environment sets counts at all.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options are wrong.</exception>
    public static ServiceProvider Compose(IReadOnlyList<string> settings, bool heedEnvironment)
    {
        var configuration = new ConfigurationManager();
        if (heedEnvironment)
            configuration.AddEnvironmentVariables();
        // Nothing listens here and nothing is sent: what Production asks of that does not matter.
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
