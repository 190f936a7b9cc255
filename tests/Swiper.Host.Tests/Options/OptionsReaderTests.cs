using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Options;

public sealed class OptionsReaderTests
{
    [Fact]
    public void Without_a_word_Development_is_ready_to_go()
    {
        var options = Read(isDevelopment: true);
        Assert.Equal((7400, 7443, 65536, 256), (options.Listen.Port, options.Tls.Port, options.Limits.MaxFrame, options.Limits.InFlight));
    }

    [Fact]
    public void Settings_reach_their_options_whatever_their_case()
    {
        var options = Read(isDevelopment: true, "Limits:Idle=00:05:00", "listen:port=0", "Tls:Enabled=false", "Storage:Data=a=b");
        Assert.Equal((TimeSpan.FromMinutes(5), 0, false, "a=b"),
            (options.Limits.Idle, options.Listen.Port, options.Tls.Enabled, options.Storage.Data));
    }

    [Fact]
    public void The_last_source_wins()
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([new("Swiper:Listen:Port", "1"), new("Swiper:Limits:InFlight", "2")]);
        var options = OptionsReader.Read(configuration, ["Listen:Port=5", "listen:port=3"], isDevelopment: true);
        Assert.Equal((3, 2), (options.Listen.Port, options.Limits.InFlight));
    }

    [Fact]
    public void All_values_that_are_wrong_are_told_at_once() => AssertWrong(
        isDevelopment: true,
        [
            "Listen:Address=nowhere", "Listen:Port=70000", "Tls:HandshakeTimeout=00:00:00", "Limits:MaxFrame=1", "Limits:InFlight=0",
            "Limits:Idle=-00:00:01", "Storage:Shards=0", "Accounts:SignInsPerAddressPerMinute=0",
        ],
        "Listen:Address: 'nowhere' is not an IP address",
        "Listen:Port: 70000 is not between 0 and 65535",
        "Tls:HandshakeTimeout: must be positive",
        "Limits:MaxFrame: 1 is not between 256 and 16777216 bytes",
        "Limits:InFlight: 0 is not between 1 and 65536",
        "Limits:Idle: must be positive",
        "Storage:Shards: 0 is not between 1 and 64",
        "Accounts:SignInsPerAddressPerMinute: 0 is below 1");

    [Fact]
    public void All_unknown_keys_and_values_of_a_wrong_type_are_told_at_once() => AssertWrong(
        isDevelopment: true,
        ["Limits:Idel=00:01:00", "Lisen:Port=1", "Listen:Port=many", "Limits:Frame=soon", "Tls:Enabled=maybe", "Tls=on",
            "Storage:Data:Folder=x", "Limits:MaxFrame=99999999999"],
        "Limits:Frame: 'soon' is not a time such as 00:00:30",
        "Limits:Idel: no such option",
        "Limits:MaxFrame: '99999999999' is not a whole number in range",
        "Lisen: no such option",
        "Listen:Port: 'many' is not a whole number in range",
        "Storage:Data: is a single value, not a section",
        "Tls: is a section, not a single value");

    [Fact]
    public void What_is_logged_can_be_set_too()
    {
        var configuration = new ConfigurationManager();
        OptionsReader.Read(configuration, ["Logging:LogLevel:Swiper=Debug", "logging:loglevel:Microsoft.AspNetCore=none"],
            isDevelopment: true);
        Assert.Equal(("Debug", "none"),
            (configuration["Logging:LogLevel:Swiper"], configuration["Logging:LogLevel:Microsoft.AspNetCore"]));
    }

    [Fact]
    public void Levels_that_are_none_and_other_settings_of_logging_are_told() => AssertWrong(
        isDevelopment: true,
        ["Logging:LogLevel:Swiper=Chatty", "Logging:LogLevel:Default=17", "Logging:Levels:Swiper=Debug"],
        "Logging:LogLevel:Default: '17' is not one of trace, debug, information, warning, error, critical, none",
        "Logging:LogLevel:Swiper: 'Chatty' is not one of trace, debug, information, warning, error, critical, none",
        "Logging: no such option");

    [Fact]
    public void A_truth_value_that_is_none_is_told() =>
        AssertWrong(isDevelopment: true, ["Tls:Enabled=maybe"], "Tls:Enabled: 'maybe' is neither true nor false");

    [Fact]
    public void Settings_that_are_no_pairs_are_told() => AssertWrong(
        isDevelopment: true, ["Limits:Idle", "x"], "--set Limits:Idle: expected KEY=VALUE", "--set x: expected KEY=VALUE");

    [Fact]
    public void Production_needs_a_certificate_and_a_gateway_and_none_of_the_conveniences() => AssertWrong(
        isDevelopment: false,
        ["Accounts:LiftRateLimits=true"],
        "Tls:CertificatePath: required in Production, unless a proxy terminates TLS, and then Tls:Enabled=false and Listen:Plain=true",
        "Accounts:LiftRateLimits: allowed in Development only",
        "Sms:Url: required in Production; the gateway must accept POSTs of {\"phone\",\"text\"}");

    [Fact]
    public void Production_sends_codes_over_https_only_and_has_plain_TCP_only_when_told_to()
    {
        AssertWrong(
            isDevelopment: false,
            ["Tls:Enabled=false", "Sms:Url=http://sms.example/send"],
            "Listen:Plain: without it and with Tls:Enabled=false there is no port; set it to true if a proxy terminates TLS",
            "Sms:Url: 'http://sms.example/send' must be https in Production: codes and the gateway's token go there");
        string[] behindProxy = ["Tls:Enabled=false", "Listen:Plain=true", "Sms:Url=https://sms.example/send"];
        Assert.True(Read(isDevelopment: false, behindProxy).Listen.PlainFor(isDevelopment: false));
        Assert.True(Read(isDevelopment: true).Listen.PlainFor(isDevelopment: true));
        Assert.False(Read(isDevelopment: true, "Listen:Plain=false").Listen.PlainFor(isDevelopment: true));
    }

    [Fact]
    public void Everything_is_free_in_Development_only_unless_told_otherwise()
    {
        Assert.True(Read(isDevelopment: true).Vip.IsFree(isDevelopment: true));
        Assert.False(Read(isDevelopment: true, "Vip:GrantAll=false").Vip.IsFree(isDevelopment: true));
        string[] production = ["Tls:Enabled=false", "Listen:Plain=true", "Sms:Url=https://example.com", "Ops:Socket=none"];
        Assert.False(Read(isDevelopment: false, production).Vip.IsFree(isDevelopment: false));
        Assert.True(Read(isDevelopment: false, [.. production, "Vip:GrantAll=true"]).Vip.IsFree(isDevelopment: false));
        AssertWrong(isDevelopment: true, ["Vip:GrantAll=some"], "Vip:GrantAll: 'some' is neither true nor false");
    }

    [Fact]
    public void A_certificate_goes_with_its_key_and_both_must_be_there() => AssertWrong(
        isDevelopment: false,
        ["Tls:CertificatePath=/no/such/file.crt", "Sms:Url=https://example.com"],
        "Tls:CertificatePath and Tls:KeyPath must be set together",
        "Tls:CertificatePath: there is no file '/no/such/file.crt'");

    [Fact]
    public void A_network_of_balancers_is_one_and_not_everybody() => AssertWrong(
        isDevelopment: true,
        [
            "Listen:ProxyNetworks:0=10.1.0.0/16", "Listen:ProxyNetworks:1=10.1.2.3", "Listen:ProxyNetworks:2=::ffff:10.0.0.0/104",
            "Listen:ProxyNetworks:3=0.0.0.0/0", "Listen:ProxyNetworks:4=fd00::/64",
        ],
        "Listen:ProxyNetworks:1: '10.1.2.3' is not a network such as 10.1.0.0/16, 10.1.2.3/32 or fd00::/64",
        "Listen:ProxyNetworks:2: '::ffff:10.0.0.0/104' is not a network such as 10.1.0.0/16, 10.1.2.3/32 or fd00::/64",
        "Listen:ProxyNetworks:3: '0.0.0.0/0' is everybody, who could then claim any address; name the balancers' networks");

    [Fact]
    public void Both_listeners_on_one_port_are_told()
    {
        AssertWrong(isDevelopment: true, ["Listen:Port=7443"], "Tls:Port: 7443 is also Listen:Port");
        Read(isDevelopment: true, "Listen:Port=0", "Tls:Port=0");
        Read(isDevelopment: true, "Listen:Port=7443", "Tls:Enabled=false");
    }

    [Fact]
    public void Every_option_that_is_a_time_or_a_number_is_checked()
    {
        // Nothing that limits may be switched off by a zero.
        foreach (var section in typeof(SwiperOptions).GetProperties())
        {
            foreach (var option in section.PropertyType.GetProperties())
            {
                var bad = option.PropertyType == typeof(TimeSpan) ? "-00:00:01" : option.PropertyType == typeof(int) ? "-1" : null;
                if (bad is null)
                    continue;
                var problems = Assert.Throws<OptionsValidationException>(() =>
                    Read(isDevelopment: true, $"{section.Name}:{option.Name}={bad}")).Failures;
                Assert.Contains(problems, problem => problem.StartsWith($"{section.Name}:{option.Name}", StringComparison.Ordinal));
            }
        }
    }

    private static SwiperOptions Read(bool isDevelopment, params string[] settings) =>
        OptionsReader.Read(new ConfigurationManager(), settings, isDevelopment);

    private static void AssertWrong(bool isDevelopment, string[] settings, params string[] problems) => Assert.Equal(
        problems.Order(), Assert.Throws<OptionsValidationException>(() => Read(isDevelopment, settings)).Failures.Order());
}
