using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping.Alerts;

internal sealed class WebhookMapping : IEntityTypeConfiguration<Webhook>
{
    private const int EventsLength = 100;
    private const int SecretLength = 100;

    public void Configure(EntityTypeBuilder<Webhook> builder)
    {
        builder.ToTable("webhooks");
        builder.HasKey(webhook => webhook.Id).HasName("pk_webhooks");
        builder.Property(webhook => webhook.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(webhook => webhook.Url).HasColumnName("url").HasMaxLength(Webhook.MaxUrlLength);
        builder.Property(webhook => webhook.Events).HasColumnName("events").HasMaxLength(EventsLength);
        builder.Property(webhook => webhook.Format).HasColumnName("format");
        builder.Property(webhook => webhook.Secret).HasColumnName("secret").HasMaxLength(SecretLength);
        builder.Property(webhook => webhook.SecretSince).HasColumnName("secret_since");
        builder.Property(webhook => webhook.ChangedAt).HasColumnName("changed_at");
        builder.Property(webhook => webhook.Stop).HasColumnName("stop");
        builder.Property(webhook => webhook.CreatedAt).HasColumnName("created_at");
    }
}

/// <summary>A delivery has no foreign key to its alert: alerts are removed earlier, and a test has none.</summary>
internal sealed class WebhookDeliveryMapping : IEntityTypeConfiguration<WebhookDelivery>
{
    public void Configure(EntityTypeBuilder<WebhookDelivery> builder)
    {
        builder.ToTable("webhook_deliveries");
        builder.HasKey(delivery => delivery.Id).HasName("pk_webhook_deliveries");
        builder.Property(delivery => delivery.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(delivery => delivery.WebhookId).HasColumnName("webhook_id");
        builder.Property(delivery => delivery.EventId).HasColumnName("event_id");
        builder.Property(delivery => delivery.Kind).HasColumnName("kind");
        builder.Property(delivery => delivery.Body).HasColumnName("body");
        builder.Property(delivery => delivery.Status).HasColumnName("status");
        builder.Property(delivery => delivery.Attempts).HasColumnName("attempts");
        builder.Property(delivery => delivery.NextAttemptAt).HasColumnName("next_attempt_at");
        builder.Property(delivery => delivery.LastStatus).HasColumnName("last_status");
        builder.Property(delivery => delivery.LastFault).HasColumnName("last_fault");
        builder.Property(delivery => delivery.CreatedAt).HasColumnName("created_at");
        builder.Property(delivery => delivery.FinishedAt).HasColumnName("finished_at");
        builder.HasIndex(delivery => new { delivery.WebhookId, delivery.EventId })
            .HasDatabaseName("ux_webhook_deliveries_webhook_id_event_id").IsUnique();
        builder.HasIndex(delivery => new { delivery.WebhookId, delivery.CreatedAt })
            .HasDatabaseName("ix_webhook_deliveries_webhook_id_created_at");
        builder.HasIndex(delivery => delivery.NextAttemptAt).HasDatabaseName("ix_webhook_deliveries_pending").HasFilter("status = 0");
        builder.HasOne<Webhook>().WithMany().HasForeignKey(delivery => delivery.WebhookId)
            .HasConstraintName("fk_webhook_deliveries_webhooks").OnDelete(DeleteBehavior.Cascade);
    }
}
