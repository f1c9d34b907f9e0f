using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiGateway.Conformance.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Conformance.Tests;

/// <summary>
/// Tests the Python sample without Python. The requests of its client were recorded once and are replayed. The sample must still send what
/// was recorded.
/// </summary>
internal sealed partial class PythonSampleTests
{
    public const string Name = "python-openai";

    private static readonly JsonElement Recording =
        JsonElement.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Conformance", "Fixtures", $"{Name}.json")));

    private static readonly string Source = File.ReadAllText(Path.Combine(Sample.FolderOf(Name), "main.py"));

    [Test]
    public async Task Recording_WhenReplayed_GetsAPlainAndAStreamedReply()
    {
        await using var stage = await StandInGateway.StartAsync();
        using var http = new HttpClient();

        var replies = new List<string>();
        foreach (var recorded in Recording.GetProperty("requests").EnumerateArray())
        {
            using var response = await http.SendAsync(ToRequest(recorded, stage.Gateway));
            replies.Add(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        }

        Assert.That(replies, Has.Count.EqualTo(2));
        Assert.That(JsonElement.Parse(replies[0]).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(), Is.Not.Empty);
        Assert.That(replies[1], Does.StartWith("data: {").And.EndsWith("data: [DONE]\n\n"));
        var rows = await stage.Ledger.SettledRowsAsync();
        Assert.That(rows.Select(row => (row.Status, row.Streamed)), Is.EquivalentTo(new[] { ("settled", false), ("settled", true) }));
    }

    [Test]
    public void Sample_SendsWhatWasRecorded()
    {
        var recorded = Recording.GetProperty("requests").EnumerateArray().Select(request => JsonNode.Parse(request.GetProperty("body").GetRawText()));

        Assert.That(Calls(Source), Is.EqualTo(recorded).Using<JsonNode>(JsonNode.DeepEquals));
        Assert.That(Source, Does.Contain("""os.environ["AIGATEWAY_URL"].rstrip("/") + "/v1",""").And.Contain("""os.environ["AIGATEWAY_KEY"]"""));
    }

    [Test]
    public void Rule_ForASampleWithAnotherLimit_FindsTheDifference()
    {
        var changed = Calls(Source.Replace("max_completion_tokens=200", "max_completion_tokens=100", StringComparison.Ordinal));

        Assert.That(changed.First()["max_completion_tokens"]!.GetValue<int>(), Is.EqualTo(100));
    }

    [Test]
    public void Requirements_NameTheClientThatWasRecorded() =>
        Assert.That(
            File.ReadAllText(Path.Combine(Sample.FolderOf(Name), "requirements.txt")).Trim().Replace("==", " ", StringComparison.Ordinal),
            Is.EqualTo(Recording.GetProperty("client").GetString()!.Replace(" for Python", "", StringComparison.Ordinal)));

    private static HttpRequestMessage ToRequest(JsonElement recorded, ApiTarget gateway)
    {
        var request = new HttpRequestMessage(HttpMethod.Parse(recorded.GetProperty("method").GetString()), new Uri(gateway.BaseUrl, recorded.GetProperty("path").GetString()))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(recorded.GetProperty("body").GetRawText())),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", gateway.Key);
        foreach (var header in recorded.GetProperty("headers").EnumerateObject())
        {
            if (!request.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString()))
                request.Content.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString());
        }

        return request;
    }

    /// <summary>The arguments of each call as JSON. The formatter puts each keyword argument on a line of its own.</summary>
    private static IEnumerable<JsonObject> Calls(string source)
    {
        var model = ModelConstant().Match(source).Groups["model"].Value;
        foreach (Match call in Call().Matches(source))
        {
            var arguments = new JsonObject();
            foreach (Match argument in Argument().Matches(call.Groups["arguments"].Value))
            {
                var value = argument.Groups["value"].Value switch { "MODEL" => $"\"{model}\"", "True" => "true", var other => other };
                arguments[argument.Groups["name"].Value] = JsonNode.Parse(value);
            }

            yield return arguments;
        }
    }

    [GeneratedRegex("""^MODEL = "(?<model>[^"]+)"$""", RegexOptions.Multiline)]
    private static partial Regex ModelConstant();

    [GeneratedRegex(@"chat\.completions\.create\(\n(?<arguments>.*?)^\)", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Call();

    [GeneratedRegex(@"^    (?<name>\w+)=(?<value>.+),$", RegexOptions.Multiline)]
    private static partial Regex Argument();
}
