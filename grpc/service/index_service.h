// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an index server has of ResolverService: Search and Complete. Every other call is
// UNIMPLEMENTED, as gRPC answers for methods that are not there.

#ifndef COMMRESOLVE_GRPC_SERVICE_INDEX_SERVICE_H_
#define COMMRESOLVE_GRPC_SERVICE_INDEX_SERVICE_H_

#include "commresolve/v1/resolver_service.grpc.pb.h"
#include "grpc/service/search_calls.h"

namespace commresolve::daemon {

/// Safe for concurrent use, as gRPC calls it.
class IndexServiceImpl final : public proto::ResolverService::Service {
 public:
  /// `index` is borrowed.
  explicit IndexServiceImpl(SearchSource& index) : index_(index) {}

  grpc::Status Search(grpc::ServerContext* context, const proto::SearchRequest* request,
                      grpc::ServerWriter<proto::SearchResponse>* writer) override {
    return AnswerSearch(index_, *context, *request, *writer);
  }
  grpc::Status Complete(grpc::ServerContext* context, const proto::CompleteRequest* request,
                        proto::CompleteResponse* response) override {
    return AnswerComplete(index_, *context, *request, *response);
  }

 private:
  SearchSource& index_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SERVICE_INDEX_SERVICE_H_
