using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace AiGateway.FaultInjection.Harness;

/// <summary>A caller that attacks the gateway with bodies that never end, and with bodies of many faults.</summary>
internal sealed class Attacker : IDisposable
{
    private const int SendersAtOnce = 16;
    private const int Withheld = 2;
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false }) { Timeout = TimeSpan.FromMinutes(3) };
    private readonly ConcurrentDictionary<string, int> _outcomes = new();
    private long _largestReply;

    /// <summary>The outcomes of the attacks, with their counts.</summary>
    public string Outcomes => string.Join(", ", _outcomes.OrderBy(each => each.Key).Select(each => $"{each.Value} x {each.Key}"));

    /// <summary>The size of the largest reply to a body of faults, in bytes.</summary>
    public long LargestReply => Interlocked.Read(ref _largestReply);

    /// <summary>
    /// Opens this number of connections. Each sends a body of this size without its last two bytes, and stays open for two seconds.
    /// </summary>
    public async Task WithholdAsync(Uri gateway, IReadOnlyList<Payer> payers, int connections, int bytes)
    {
        var clients = new ConcurrentBag<TcpClient>();
        var body = Encoding.ASCII.GetBytes($$"""{"model":"gpt-6-luna","messages":[{"role":"user","content":"{{new string('a', bytes)}}"}]}""");
        await Parallel.ForEachAsync(Enumerable.Range(0, connections), new ParallelOptions { MaxDegreeOfParallelism = SendersAtOnce }, async (i, cancel) =>
        {
            var client = new TcpClient();
            clients.Add(client);
            try
            {
                await client.ConnectAsync(gateway.Host, gateway.Port, cancel);
                var head = string.Create(
                    CultureInfo.InvariantCulture,
                    $"POST /v1/chat/completions HTTP/1.1\r\nHost: {gateway.Authority}\r\nAuthorization: Bearer {payers[i % payers.Count].Key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n");
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), cancel);
                await client.GetStream().WriteAsync(body.AsMemory(..^Withheld), cancel);
            }
            catch (Exception failure) when (failure is IOException or SocketException)
            {
                // The gateway refused the body and stopped reading.
            }
        });
        await Task.Delay(Held, TimeProvider.System);
        foreach (var client in clients)
        {
            Note(client.Connected && client.Available > 0 ? await StatusAsync(client) : client.Connected ? "open" : "closed");
            client.Dispose();
        }
    }

    /// <summary>Posts a body in which <c>#</c> is replaced by this number of copies of a member.</summary>
    public async Task PostAsync(Uri gateway, Payer payer, string path, string body, string member, int count)
    {
        var text = body.Replace("#", string.Join(',', Enumerable.Repeat(member, count)), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, path)) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", payer.Key);
        try
        {
            using var response = await _http.SendAsync(request);
            var reply = await response.Content.ReadAsByteArrayAsync();
            if (reply.Length > LargestReply) Interlocked.Exchange(ref _largestReply, reply.Length);
            Note($"{(int)response.StatusCode}");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            Note("broken");
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task<string> StatusAsync(TcpClient client)
    {
        var buffer = new byte["HTTP/1.1 429".Length];
        var count = await client.GetStream().ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false);
        return count == buffer.Length ? Encoding.ASCII.GetString(buffer[^3..]) : "closed";
    }

    private void Note(string outcome) => _outcomes.AddOrUpdate(outcome, 1, (_, count) => count + 1);
}
