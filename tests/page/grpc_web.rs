//! gRPC-Web as browsers speak it: frames over HTTP/1.1.

use prost::Message;
use zeef::service::proto;

use crate::support::{Answer, TestServer};

const PATH: &str = "/zeef.v1.ScreeningService/Screen";

/// A message in its frame: no compression, its length, its bytes.
fn framed(message: &impl Message) -> Vec<u8> {
    let bytes = message.encode_to_vec();
    let mut frame = vec![0];
    frame.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
    frame.extend(bytes);
    frame
}

/// The frames of an answer: whether each is the trailer, and its bytes.
fn frames(answer: &Answer) -> Vec<(bool, Vec<u8>)> {
    let mut rest = answer.bytes.as_slice();
    let mut frames = Vec::new();
    while rest.len() >= 5 {
        let length = u32::from_be_bytes(rest[1..5].try_into().unwrap()) as usize;
        frames.push((rest[0] & 0x80 != 0, rest[5..5 + length].to_vec()));
        rest = &rest[5 + length..];
    }
    frames
}

fn ask(server: &TestServer, path: &str, name: &str) -> Answer {
    let subject =
        proto::Subject { name: name.into(), kind: proto::SubjectKind::Person.into(), ..Default::default() };
    let request = proto::ScreenRequest { subject: Some(subject), ..Default::default() };
    let headers = [("content-type", "application/grpc-web+proto"), ("x-grpc-web", "1")];
    server.ask("POST", path, &headers, &framed(&request))
}

#[test]
fn a_browsers_call_is_answered_in_frames() {
    let server = TestServer::demo();
    let answer = ask(&server, PATH, "Vladimir Putin");
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").starts_with("application/grpc-web"));
    let frames = frames(&answer);
    let response = proto::ScreenResponse::decode(frames[0].1.as_slice()).unwrap();
    assert_eq!(response.answer.unwrap().hits[0].list, "eu");
    let (is_trailer, trailer) = frames.last().unwrap();
    assert!(*is_trailer && String::from_utf8_lossy(trailer).contains("grpc-status:0"));
}

#[test]
fn faults_arrive_as_in_grpc() {
    let server = TestServer::demo();
    for (path, name, code) in
        [(PATH, " ", "3"), ("/zeef.v1.ScreeningService/Nothing", "x", "12"), ("/no.Service/X", "x", "12")]
    {
        let answer = ask(&server, path, name);
        let in_trailer = frames(&answer)
            .iter()
            .any(|(_, b)| String::from_utf8_lossy(b).contains(&format!("grpc-status:{code}")));
        assert!(
            answer.header("grpc-status") == code || in_trailer,
            "{path}: {:?}",
            answer.header("grpc-status")
        );
    }
    let get = server.ask("GET", PATH, &[("content-type", "application/grpc-web+proto")], b"");
    assert_eq!(get.status, 405);
    // gRPC itself cannot be spoken over HTTP/1.1.
    let plain = server.ask("POST", PATH, &[("content-type", "application/grpc")], b"");
    assert_eq!(plain.status, 400);
}
