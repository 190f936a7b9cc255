using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using Swiper.Core.Accounts;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Core.Vip;
using Swiper.Host.Accounts;
using Swiper.Host.Connections;
using Swiper.Host.Limits;
using Swiper.Host.Options;
using Swiper.Host.Restarts;
using Swiper.Host.Web;
using Swiper.Storage;
using Swiper.Storage.Cluster;
using Swiper.Storage.Embedded;

namespace Swiper.Host;

/// <summary>The composition root of the server.</summary>
internal static class Composition
{
    /// <summary>In the data folder: what seals tokens, and hashes codes.</summary>
    public const string KeyFolder = "keys";

    /// <summary>An app that can start.</summary>
    /// <param name="arguments">The parsed command line.</param>
    /// <param name="extend">Adds to the services or replaces some: tests bring slices of their own.</param>
    public static WebApplication Build(HostArguments arguments, Action<IServiceCollection>? extend = null)
    {
        var app = Prepare(arguments, new Replacement(null), extend);
        Complete(app);
        return app;
    }

    /// <summary>An app of which nothing yet needs the data folder, which may still be another process's.</summary>
    /// <param name="arguments">The parsed command line.</param>
    /// <param name="replacement">The ports that the process already has, and how it is replaced.</param>
    /// <param name="extend">Adds to the services or replaces some.</param>
    public static WebApplication Prepare(
        HostArguments arguments, Replacement replacement, Action<IServiceCollection>? extend = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            EnvironmentName = arguments.Environment,
            ContentRootPath = AppContext.BaseDirectory,
        });
        var isDevelopment = builder.Environment.IsDevelopment();
        var options = replacement.Options ??= OptionsReader.Read(builder.Configuration, arguments.Settings, isDevelopment);
        if (SystemLimits.Missing(options) is { } missing)
            throw new SystemLimitException(missing);

        builder.AddSwiperLogging();
        builder.Services
            .AddSingleton(options)
            .AddSingleton(TimeProvider.System)
            .AddSingleton(replacement)
            .AddSingleton(replacement.Sockets)
            .AddDispatch(options, isDevelopment)
            .AddEngine(options)
            .AddRepositories()
            .AddTakeOver(options)
            .AddTokens(options)
            .AddSms(options)
            .AddSlices()
            .AddOperations()
            .AddTelemetry(options)
            .AddHealth()
            .AddSingleton<IOperations, VipOperations>()
            .AddSingleton<IOperations, ReportOperations>()
            .AddSingleton<IOperations, BackupOperations>()
            .AddSingleton<IOperations, RestartOperations>();
        extend?.Invoke(builder.Services);
        builder.AddSwiperListeners(options);
        if (options.Ops.PathFor(options.Storage, options.Listen, isDevelopment) is { } operationsSocket)
            builder.AddOperationsSocket(operationsSocket);
        if (options.Ops.Http)
            builder.AddOpsPort(options);

        var app = builder.Build();
        app.AnnounceStart();
        replacement.Attach(app);
        return app;
    }

    /// <summary>What is left before an app can start: it opens the data folder.</summary>
    public static void Complete(WebApplication app)
    {
        var options = app.Services.GetRequiredService<SwiperOptions>();
        if (options.Ops.Http || options.Ops.PathFor(options.Storage, options.Listen, app.Environment.IsDevelopment()) is not null)
            app.MapOperations();
        // What connections need, and their metrics, are there before the first of them.
        app.Services.GetRequiredService<LoopServices>();
    }

    /// <summary>The services of the commands that maintain a cluster's index.</summary>
    public static IndexMaintenance BuildMaintenance(HostArguments arguments)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            EnvironmentName = arguments.Environment,
            ContentRootPath = AppContext.BaseDirectory,
        });
        // Options that only a server needs, such as a certificate, are not required.
        var options = OptionsReader.Read(builder.Configuration, ["Storage:Engine=cluster", .. arguments.Settings], isDevelopment: true);
        return new IndexMaintenance(ClusterOptionsOf(options, CodeRules.Standard), TimeProvider.System);
    }

    /// <summary>The operations socket of the host that has these options.</summary>
    /// <exception cref="OptionsValidationException">The host has none, or an option is wrong.</exception>
    public static string FindOperationsSocket(HostArguments arguments)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            EnvironmentName = arguments.Environment,
            ContentRootPath = AppContext.BaseDirectory,
        });
        var isDevelopment = builder.Environment.IsDevelopment();
        // The other options are the host's business.
        var options = OptionsReader.Read(builder.Configuration, arguments.Settings, ProblemsOf);
        return options.Ops.PathFor(options.Storage, options.Listen, isDevelopment)!;

        IEnumerable<string> ProblemsOf(SwiperOptions options) =>
            options.Ops.Problems(options.Storage, options.Listen, isDevelopment).ToArray() is { Length: > 0 } problems ? problems
            : options.Ops.PathFor(options.Storage, options.Listen, isDevelopment) is null
                ? ["Ops:Socket: a host with these options has no operations socket; set one for the host and for this command"]
                : [];
    }

    /// <summary>Tokens and cursors under keys that are kept where the users are; tools that issue tokens compose the same.</summary>
    public static IServiceCollection AddTokens(this IServiceCollection services, SwiperOptions options)
    {
        var protection = services.AddDataProtection().SetApplicationName("Swiper");
        if (options.Storage.Engine == StorageEngine.Embedded)
            protection.PersistKeysToFileSystem(new DirectoryInfo(KeyFolderOf(options)));
        else
            services.AddOptions<KeyManagementOptions>().Configure<IStorageEngine>(static (keys, engine) =>
                keys.XmlRepository = new StoredTokenKeys(((ClusterStorage)engine).TokenKeys));
        return services.AddSingleton(options.Accounts).AddSingleton<ITokens, DataProtectionTokens>()
            .AddSingleton<IPageCursors, SealedCursors>()
            .AddSingleton(provider => CodeHash.Of(provider.GetRequiredService<IStorageEngine>(), KeyFolderOf(options)))
            .AddSingleton<ICodeHash>(provider => provider.GetRequiredService<CodeHash>());
    }

    private static string KeyFolderOf(SwiperOptions options) => PrivateFolder.Create(options.Storage.Data, KeyFolder);

    /// <summary>The engine that the options choose.</summary>
    public static IServiceCollection AddEngine(this IServiceCollection services, SwiperOptions options)
    {
        services.AddSingleton(options.Accounts.LiftRateLimits ? CodeRules.Lifted : CodeRules.Standard);
        return options.Storage.Engine == StorageEngine.Embedded
            ? services
                .AddSingleton(provider => EmbeddedOptionsOf(options, provider.GetRequiredService<CodeRules>()) with
                {
                    IsHandedOver = provider.GetService<Replacement>()?.IsHandedOver ?? false,
                    ReadAhead = provider.GetService<Replacement>()?.TakeReadAhead(),
                })
                .AddSingleton<IStorageEngine, EmbeddedStorage>()
            : services
                .AddSingleton(provider => ClusterOptionsOf(options, provider.GetRequiredService<CodeRules>()))
                .AddSingleton<IStorageEngine, ClusterStorage>();
    }

    /// <summary>Those of a data folder that nobody hands over.</summary>
    public static EmbeddedOptions EmbeddedOptionsOf(SwiperOptions options, CodeRules rules) =>
        new(options.Storage.Data, options.Storage.Shards, options.Storage.CachedProfiles, rules) { LowSpace = options.Storage.LowSpace };

    private static Storage.Cluster.ClusterOptions ClusterOptionsOf(SwiperOptions options, CodeRules rules) => new(
        options.Cluster.Shards, options.Cluster.Redis, options.Cluster.Deadline, options.Cluster.NodeLease,
        options.Storage.CachedProfiles, rules)
    {
        RedisDeadline = options.Cluster.RedisDeadline,
    };

    private static IServiceCollection AddDispatch(
        this IServiceCollection services, SwiperOptions options, bool isDevelopment) => services
        .AddSingleton(provider => new ServerIdentity(
            $"swiper/{typeof(Composition).Assembly.GetName().Version?.ToString(3)}",
            () => provider.GetRequiredService<IStorageEngine>().Node, options.Limits.MaxFrame, options.Limits.InFlight))
        .AddSingleton<IRequestLimiter, AddressLimiter>()
        .AddSingleton<ICodeGuard, CodeGuard>()
        .AddSingleton(new SessionRegistry(options.Accounts.LiftRateLimits ? null : options.Quotas.ToLimits()))
        .AddSingleton<Admission>()
        .AddSingleton<BufferBudget>()
        .AddSingleton<ConnectionWatch>()
        .AddHostedService(provider => provider.GetRequiredService<ConnectionWatch>())
        .AddTraffic(options)
        .AddSingleton<LoopServices>()
        .AddSingleton(provider => options.Vip.IsFree(isDevelopment)
            ? PermissionPolicy.GrantAll
            : new PermissionPolicy(provider.GetRequiredService<IVipRepository>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<Dispatcher>()
        .AddSingleton(provider =>
        {
            var table = new OpcodeTable(provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
            foreach (var slice in provider.GetServices<ISlice>())
                slice.Map(table);
            return table;
        });

    private static IServiceCollection AddTraffic(this IServiceCollection services, SwiperOptions options) =>
        !options.Ops.Metrics ? services
            : services.AddTraces(options).AddSingleton<Traffic>().AddSingleton(provider => ActivatorUtilities.CreateInstance<SlowRequests>(
                provider, options.Ops.SlowRequest));

    private static IServiceCollection AddTraces(this IServiceCollection services, SwiperOptions options) =>
        options.Ops.TracedShare > 0 ? services.AddSingleton(new RequestTraces(options.Ops.TracedShare)) : services;

    private static IServiceCollection AddRepositories(this IServiceCollection services) => services
        .AddHostedService<StorageLifetime>()
        .AddHostedService<TokenKeysLifetime>()
        .AddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Accounts)
        .AddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Devices)
        .AddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Activity)
        .AddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Friends)
        .AddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Blocks)
        .AddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Vip)
        .AddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Reports)
        .AddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Pushes)
        .AddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Swipes)
        .AddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Decks)
        .AddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Likes)
        .AddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Boards);

    /// <summary>After the engine, which has started when it first looks.</summary>
    private static IServiceCollection AddHealth(this IServiceCollection services) => services
        .AddSingleton<HealthWatch>()
        .AddHostedService(provider => provider.GetRequiredService<HealthWatch>());

    private static IServiceCollection AddSms(this IServiceCollection services, SwiperOptions options) => options.Sms.Url is not null
        ? services.AddSingleton(options.Sms).AddSingleton<ISmsSender, WebhookSmsSender>()
        : services.AddSingleton<ISmsSender, OutboxSmsSender>();

    private static IServiceCollection AddSlices(this IServiceCollection services) => services
        .AddSingleton<ISlice, DiagnosticsSlice>()
        .AddSingleton<ISlice, AccountsSlice>()
        .AddSingleton<ISlice, SocialSlice>()
        .AddSingleton<ISlice, FriendsSlice>()
        .AddSingleton<ISlice, VipSlice>()
        .AddSingleton<ISlice, RankingSlice>();
}
