using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping;

internal sealed class StoredObjectMapping : IEntityTypeConfiguration<StoredObject>
{
    public void Configure(EntityTypeBuilder<StoredObject> builder)
    {
        builder.ToTable("stored_objects");
        builder.HasKey(stored => stored.Id).HasName("pk_stored_objects");
        builder.Property(stored => stored.Id).HasColumnName("id").HasMaxLength(StoredObject.MaxIdLength);
        builder.Property(stored => stored.UserId).HasColumnName("user_id");
        builder.Property(stored => stored.RequestId).HasColumnName("request_id");
        builder.Property(stored => stored.Provider).HasColumnName("provider").HasMaxLength(StoredText.NameLength);
        builder.Property(stored => stored.Tokens).HasColumnName("tokens");
        builder.Property(stored => stored.CreatedAt).HasColumnName("created_at");
        builder.HasIndex(stored => stored.RequestId).HasDatabaseName("ix_stored_objects_request_id");
        builder.HasOne(stored => stored.User).WithMany().HasForeignKey(stored => stored.UserId)
            .HasConstraintName("fk_stored_objects_users").OnDelete(DeleteBehavior.Restrict);
    }
}
