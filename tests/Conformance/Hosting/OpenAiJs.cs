using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using AiGateway.Testing;

namespace AiGateway.Conformance.Tests.Hosting;

/// <summary>The official packages in a node process, which runs the scenarios of the folder js.</summary>
internal sealed class OpenAiJs : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _node;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonElement>> _waiting = new();
    private readonly Lock _writing = new();
    private readonly Task _reading;
    private long _lastId;

    private OpenAiJs(Process node)
    {
        _node = node;
        _reading = ReadAsync();
    }

    /// <summary>Starts the process; null if that is not possible.</summary>
    /// <param name="missing">Why the process cannot be started; null if it was started.</param>
    public static OpenAiJs? TryStart(out string? missing)
    {
        var folder = Path.Combine(Repository.Root, "tests", "Conformance", "js");
        missing = Directory.Exists(Path.Combine(folder, "node_modules", "openai")) && Directory.Exists(Path.Combine(folder, "node_modules", "@anthropic-ai"))
            ? null
            : "the clients' packages are not installed: run npm ci in tests/Conformance/js";
        if (missing is not null) return null;
        try
        {
            var start = new ProcessStartInfo("node", "runner.mjs")
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            return new OpenAiJs(Process.Start(start)!);
        }
        catch (Win32Exception)
        {
            missing = "node is not installed";
            return null;
        }
    }

    /// <summary>Runs a scenario against an API.</summary>
    public async Task<SdkResult> RunAsync(string scenario, ApiTarget target, object? args = null)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        var line = JsonSerializer.Serialize(new { id, scenario, baseURL = target.BaseUrl.AbsoluteUri, key = target.Key, args });
        lock (_writing)
        {
            _node.StandardInput.WriteLine(line);
            _node.StandardInput.Flush();
        }

        var json = await answer.Task.WaitAsync(Patience, TimeProvider.System);
        if (json.TryGetProperty("fault", out var fault)) Assert.Fail($"the scenario {scenario} itself failed: {fault}");
        var error = json.TryGetProperty("error", out var failure) ? failure.Deserialize<SdkError>(JsonSerializerOptions.Web) : null;
        return new SdkResult(json.GetProperty("tries").GetInt32(), json.TryGetProperty("value", out var value) ? value : default, error);
    }

    public async ValueTask DisposeAsync()
    {
        _node.StandardInput.Close();
        _node.Kill(entireProcessTree: true);
        await _reading;
        _node.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _node.StandardOutput.ReadLineAsync() is { } line)
        {
            var json = JsonElement.Parse(line);
            if (_waiting.TryRemove(json.GetProperty("id").GetInt64(), out var waiting)) waiting.SetResult(json);
        }

        foreach (var left in _waiting.Values) left.TrySetException(new InvalidOperationException("The node process has ended."));
    }
}

/// <summary>The result of a scenario in the client.</summary>
/// <param name="Tries">The number of HTTP requests that the client sent.</param>
/// <param name="Value">The returned value; undefined if the client raised an error.</param>
/// <param name="Error">The error that the client raised.</param>
internal sealed record SdkResult(int Tries, JsonElement Value, SdkError? Error);

/// <summary>An error of the client.</summary>
internal sealed record SdkError(
    string Name, int? Status, string? Code, string? Type, string? Param, string Message, string? RequestId, string? RetryAfter, string? ShouldRetry, string? ApiMessage);
