using Swiper.Tools.ProtocolDocument;

namespace Swiper.Tools.Tests.ProtocolDocument;

/// <summary>Whether docs/protocol.json is enough for a generator.</summary>
public sealed class ProtocolModelTests
{
    private static readonly string[] Scalars = ["bool", "i32", "i64", "f64", "str"];

    private readonly string _json = File.ReadAllText(Path.Combine(SharedFiles.RepositoryRoot(), "docs", "protocol.json"));

    private ProtocolModel Model => ProtocolModel.FromJson(_json);

    [Fact]
    public void What_is_read_from_the_file_is_written_as_the_file() => Assert.Equal(_json, Model.ToJson());

    [Fact]
    public void Everything_that_is_named_is_in_the_file()
    {
        var model = Model;
        var named = model.Requests.SelectMany(request => new[] { request.Args, request.Data })
            .Concat(model.Pushes.Select(push => push.Data))
            .Concat(model.Codes.Select(code => code.Data))
            .Concat(model.Types.Values.SelectMany(type => new[] { type.Of, type.IfNone }))
            .OfType<string>();
        Assert.Empty(named.Except(model.Types.Keys));

        var fields = model.Types.Values.SelectMany(type => type.Fields ?? []).Select(field => field.Type);
        Assert.Empty(fields.Except(Scalars).Except(model.Types.Keys).Except(model.Enums.Keys));
        Assert.Empty(model.Requests.SelectMany(request => request.Failures).Except(model.Codes.Select(code => code.Code)));
        Assert.Empty(model.Requests.Select(request => request.RateLimit).OfType<string>().Except(model.Limits.Keys));
    }

    [Fact]
    public void Forms_have_what_they_need() => Assert.All(Model.Types, type => Assert.True(
        type.Value switch
        {
            { Form: "array" or "map" } => type.Value.Fields is not null,
            { Form: "list" } => type.Value is { Of: not null, ListName: not null },
            { Form: "any_array" or "nil" } => true,
            _ => false,
        },
        $"{type.Key} is a {type.Value.Form}"));

    [Fact]
    public void Only_args_have_optional_fields_behind_which_none_is_required()
    {
        var model = Model;
        foreach (var request in model.Requests)
        {
            var fields = model.Types[request.Args].Fields ?? [];
            Assert.All(
                fields.SkipWhile(field => !field.Optional),
                field => Assert.True(field.Optional, $"{field.Name} of {request.Name}"));
        }
    }
}
