using Microsoft.Extensions.Options;
using Swiper.Host.Options;
using Swiper.Storage.Checking;

namespace Swiper.Host.Checking;

/// <summary>
/// `check` without a folder: looks at the machine and the configuration as an operator would, before a host does. Whatever does not answer
/// is a finding after a while, and holds up none of the others.
/// </summary>
internal static class SystemCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // More than all waits for one server together.
    private static readonly TimeSpan LongestPart = TimeSpan.FromSeconds(20);

    /// <returns>The findings of all parts, in the order of the parts.</returns>
    public static async Task<IReadOnlyList<Finding>> RunAsync(HostArguments arguments)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            EnvironmentName = arguments.Environment,
            ContentRootPath = AppContext.BaseDirectory,
        });
        var (options, problems) = ReadOptions(builder, arguments);
        List<Task<IReadOnlyList<Finding>>> parts =
        [
            PartAsync("versions", () => MachineCheck.Versions()),
            PartAsync("options", () => problems.Length == 0
                ? [Finding.Ok("options", "all are well")]
                : problems.Select(static problem => Finding.Problem("options", problem))),
            PartAsync("machine", () => MachineCheck.Limits(options)),
            PartAsync("certificate", () => CertificateCheck.Run(options.Tls, TimeProvider.System.GetUtcNow())),
        ];
        if (options.Storage.Engine == StorageEngine.Embedded)
        {
            parts.Add(PartAsync("sqlite", () => [SqliteCheck.Run()]));
            parts.Add(PartAsync("disk", () => [MachineCheck.Disk(options.Storage.Data)]));
        }
        else
        {
            foreach (var (shard, connection) in options.Cluster.Shards.Index())
            {
                parts.Add(BoundedAsync($"shard {shard}", Task.Run(
                    () => MySqlCheck.RunAsync(shard, connection, Patience))));
            }

            if (options.Cluster.Redis.Length > 0)
                parts.Add(BoundedAsync("redis", Task.Run(() => RedisCheck.RunAsync(options.Cluster.Redis, Patience))));
        }

        return [.. (await Task.WhenAll(parts)).SelectMany(static found => found)];
    }

    private static (SwiperOptions Options, string[] Problems) ReadOptions(WebApplicationBuilder builder, HostArguments arguments)
    {
        // Those that can be read are looked at even if others can't.
        var options = new SwiperOptions();
        try
        {
            OptionsReader.Read(builder.Configuration, arguments.Settings, read =>
            {
                options = read;
                return read.Problems(builder.Environment.IsDevelopment());
            });
            return (options, []);
        }
        catch (OptionsValidationException wrong)
        {
            return (options, [.. wrong.Failures]);
        }
    }

    private static Task<IReadOnlyList<Finding>> PartAsync(string subject, Func<IEnumerable<Finding>> look) =>
        BoundedAsync(subject, Task.Run<IReadOnlyList<Finding>>(() => [.. look()]));

    private static async Task<IReadOnlyList<Finding>> BoundedAsync(string subject, Task<IReadOnlyList<Finding>> part)
    {
        try
        {
            return await part.WaitAsync(LongestPart);
        }
        catch (TimeoutException)
        {
            return [Finding.Problem(subject, $"has not answered within {LongestPart.TotalSeconds:0} s")];
        }
    }
}
