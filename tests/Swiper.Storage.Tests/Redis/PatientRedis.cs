using Swiper.Storage.Redis;

namespace Swiper.Storage.Tests.Redis;

/// <summary>A Redis for tests whose subject is not the time: on a machine under load any call may take seconds.</summary>
internal static class PatientRedis
{
    public static RedisOptions Options(string configuration) => new()
    {
        Configuration = configuration,
        Deadline = TimeSpan.FromSeconds(30),
        ReplaceAfter = TimeSpan.FromMinutes(1),
    };
}
